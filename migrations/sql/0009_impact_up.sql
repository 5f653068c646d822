-- What a draft of the policy would change over everybody. Of a person nothing leaves these functions: residents, requests and
-- conversations are counted by facts that are alike, for the one job that is working a draft out.
-- The word base stands for what sight hangs on in the row r of a resident: home and keeper, what was said last about sharing, to
-- whom they object, and the marks on the record.
ALTER TABLE policy_impact ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY definer_all ON policy_impact TO @definer@ USING (true) WITH CHECK (true);
CREATE POLICY office_sees ON policy_impact FOR SELECT TO @office@ USING ((SELECT wall.org('office')) IS NOT NULL);
CREATE POLICY rights_see ON policy_impact FOR SELECT TO @rights@ USING ((SELECT wall.org('rights')) IS NOT NULL);
GRANT SELECT ON policy_impact TO @definer@, @office@, @rights@;
GRANT INSERT, UPDATE ON policy_impact TO @definer@;

-- Puts the working out of a draft to the workers. They act under a sign-in of its own, with the hat that asks for it here: it
-- ends with the work, with the hat, after some hours at the latest, and when somebody asks for the same anew.
CREATE FUNCTION wall.begin_impact(weighing uuid, impact uuid, hash text, made_of text, queued boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, jobs AS $$
DECLARE who wall.speaker := wall.speaker(); d public.policy_draft; lent uuid := gen_random_uuid();
BEGIN
    SELECT * INTO d FROM public.policy_draft WHERE id = weighing FOR UPDATE;
    IF who.role IS DISTINCT FROM 'administrator' OR d.fingerprint IS NULL OR d.state NOT IN ('open', 'submitted') THEN
        RAISE EXCEPTION 'no such draft' USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE public.sign_in SET revoked_at = now() FROM public.policy_impact i
     WHERE i.draft_id = weighing AND i.state = 'working' AND sign_in.id = i.job_id AND sign_in.revoked_at IS NULL;
    UPDATE public.policy_impact SET state = 'left' WHERE draft_id = weighing AND state = 'working';
    INSERT INTO public.sign_in (id, secret_hash, person_id, hat_id, kind, created_at, seen_at, idle_minutes, expires_at)
    VALUES (lent, hash, who.person_id, who.hat_id, 'job', now(), now(), 240, now() + interval '4 hours');
    INSERT INTO public.policy_impact (id, draft_id, fingerprint, base, state, position, total, asked_at, seen_at, blocked, result,
                                      job_id, nonce)
    VALUES (impact, weighing, d.fingerprint, d.base, 'working', 0, 0, now(), now(), false, '{}', lent, made_of);
    IF queued THEN
        INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, queueing_lock, args)
        VALUES ('default', 'drafts.weigh', 'drafts.' || impact, jsonb_build_object('impact', impact, 'nonce', made_of))
        ON CONFLICT DO NOTHING;
    END IF;
END $$;

-- The one that the speaker's own job is working out: nobody else is answered here, whatever their hat.
CREATE FUNCTION wall.impact_in_hand() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker(); found uuid;
BEGIN
    SELECT i.id INTO found FROM public.policy_impact i
     WHERE i.job_id = who.sign_in_id AND i.state = 'working' AND who.role = 'administrator';
    IF found IS NULL THEN
        RAISE EXCEPTION 'nothing is being worked out here' USING ERRCODE = 'no_data_found';
    END IF;
    RETURN found;
END $$;

CREATE FUNCTION wall.tell_impact(done bigint, of_all bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE public.policy_impact SET position = done, total = of_all, seen_at = clock_timestamp() WHERE id = wall.impact_in_hand();
END $$;

-- The work is done: what came of it is kept, never changed again, and its sign-in speaks for nobody from here on.
CREATE FUNCTION wall.end_impact(moment timestamptz, stands_in_the_way boolean, outcome jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE here uuid := wall.impact_in_hand();
BEGIN
    UPDATE public.policy_impact SET state = 'done', as_at = moment, done_at = now(), seen_at = now(), blocked = stands_in_the_way,
           result = outcome, position = total WHERE id = here;
    UPDATE public.sign_in SET revoked_at = now() FROM public.policy_impact i
     WHERE i.id = here AND sign_in.id = i.job_id AND sign_in.revoked_at IS NULL;
END $$;

-- How many blocks each table has: they are gone through piece by piece, so that it can be told how far it is.
CREATE FUNCTION wall.impact_sizes(OUT residents bigint, OUT requests bigint, OUT contacts bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE block bigint := current_setting('block_size')::bigint;
BEGIN
    PERFORM wall.impact_in_hand();
    residents := pg_relation_size('public.resident') / block;
    requests := pg_relation_size('public.request') / block;
    contacts := pg_relation_size('public.contact') / block;
END $$;

-- Residents, by the facts of their own row.
CREATE FUNCTION wall.impact_residents(first_block bigint, next_block bigint)
RETURNS TABLE (base text, many bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE first_row tid := format('(%s,0)', first_block)::tid; end_row tid := format('(%s,0)', next_block)::tid;
    today date := wall.today();
BEGIN
    PERFORM wall.impact_in_hand();
    RETURN QUERY SELECT @base@, count(*) FROM public.resident r WHERE r.ctid >= first_row AND r.ctid < end_row GROUP BY 1;
END $$;

-- Jobs that run under an agreement in force: the partner, and each field group that service and agreement both name ('-' for
-- what names nobody).
CREATE FUNCTION wall.running_jobs() RETURNS TABLE (request_id uuid, line text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH running AS (
        SELECT a.request_id, p.slug, g.id AS agreement_id, q.lgsl FROM public.assignment a
          JOIN public.organisation p ON p.id = a.organisation_id
          JOIN public.request q ON q.id = a.request_id AND q.closed_at IS NULL
          JOIN public.agreement g ON g.id = a.agreement_id AND g.partner_id = a.organisation_id AND g.valid @> wall.facts_on()
         WHERE a.ended_at IS NULL
           AND EXISTS (SELECT 1 FROM public.agreement_service s WHERE s.agreement_id = g.id AND s.lgsl = q.lgsl)
           AND EXISTS (SELECT 1 FROM public.agreement_council k WHERE k.agreement_id = g.id AND k.council_id = q.responsible_id)
           AND EXISTS (SELECT 1 FROM public.agreement_purpose u WHERE u.agreement_id = g.id AND u.purpose = 'deliver'))
    SELECT r.request_id, r.slug || ' -' FROM running r
    UNION ALL
    SELECT r.request_id, r.slug || ' ' || o."group" FROM running r
      JOIN public.agreement_group o ON o.agreement_id = r.agreement_id
      JOIN public.service_need n ON n.lgsl = r.lgsl AND n."group" = o."group"
$$;

-- What the law opens now: to whom, to which hats where it names one person ('*' for everybody's), and which groups.
CREATE FUNCTION wall.opened_by_law() RETURNS TABLE (resident_id uuid, line text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT d.resident_id, o.slug || '|' || coalesce(h.hats, '*') || '|' || array_to_string(ARRAY(
               SELECT DISTINCT g.word FROM unnest(d.groups) AS g (word) ORDER BY 1), ' ')
      FROM public.disclosure d JOIN public.organisation o ON o.id = d.organisation_id
      LEFT JOIN LATERAL (SELECT string_agg(DISTINCT t.role || '/' || coalesce(t.unit, '-'), ' ') AS hats FROM public.hat t
           WHERE t.person_id = d.person_id AND t.organisation_id = d.organisation_id AND t.valid_from <= wall.today()
             AND (t.valid_until IS NULL OR t.valid_until > wall.today())) h ON d.person_id IS NOT NULL
     WHERE d.since <= now() AND d.until > now() AND (d.person_id IS NULL OR h.hats IS NOT NULL)
$$;

-- The residents, among those counted before, on whom more hangs: an open request, or what the law opens.
CREATE FUNCTION wall.impact_served()
RETURNS TABLE (base text, serving text[], jobs text[], passing text, opened text[], many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE today date := wall.today();
BEGIN
    PERFORM wall.impact_in_hand();
    RETURN QUERY
    WITH open AS MATERIALIZED (
        SELECT l.resident_id, q.id, o.slug || ' ' || coalesce(q.unit, '-') AS line
          FROM public.request q JOIN public.request_resident l ON l.request_id = q.id
          LEFT JOIN public.organisation o ON o.id = q.responsible_id WHERE q.closed_at IS NULL),
    serving AS (SELECT o.resident_id, array_agg(DISTINCT o.line ORDER BY o.line) AS lines FROM open o GROUP BY 1),
    running AS (SELECT o.resident_id, array_agg(DISTINCT j.line ORDER BY j.line) AS lines
                  FROM open o JOIN wall.running_jobs() j ON j.request_id = o.id GROUP BY 1),
    law AS (SELECT w.resident_id, array_agg(DISTINCT w.line ORDER BY w.line) AS lines FROM wall.opened_by_law() w GROUP BY 1),
    more AS (SELECT s.resident_id FROM serving s UNION SELECT w.resident_id FROM law w)
    SELECT @base@, coalesce(s.lines, '{}'), coalesce(j.lines, '{}'),
           CASE WHEN j.lines IS NOT NULL THEN coalesce(wall.answer_on(r.id, 'passing'), 'not-asked') END, coalesce(w.lines, '{}'),
           count(*)
      FROM more m JOIN public.resident r ON r.id = m.resident_id
      LEFT JOIN serving s ON s.resident_id = r.id LEFT JOIN running j ON j.resident_id = r.id
      LEFT JOIN law w ON w.resident_id = r.id
     GROUP BY 1, 2, 3, 4, 5;
END $$;

-- Requests, by their own facts and by those of the resident they are linked to (null: to nobody).
CREATE FUNCTION wall.impact_requests(first_block bigint, next_block bigint)
RETURNS TABLE (taken_by text, responsible text, unit text, closed boolean, intake boolean, offered_to text, permission text,
    typing boolean, past text[], jobs text[], base text, passing text, many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE first_row tid := format('(%s,0)', first_block)::tid; end_row tid := format('(%s,0)', next_block)::tid;
    today date := wall.today();
BEGIN
    PERFORM wall.impact_in_hand();
    RETURN QUERY
    WITH held AS (SELECT a.request_id, array_agg(DISTINCT o.slug ORDER BY o.slug) AS slugs
                    FROM public.assignment a JOIN public.organisation o ON o.id = a.organisation_id GROUP BY 1),
    running AS (SELECT j.request_id, array_agg(DISTINCT j.line ORDER BY j.line) AS lines FROM wall.running_jobs() j GROUP BY 1)
    SELECT t.slug, p.slug, coalesce(q.unit, '-'), q.closed_at IS NOT NULL, q.intake,
           CASE WHEN q.intake AND q.permission = 'given' AND l.request_id IS NULL THEN h.slug END, q.permission,
           q.intake AND EXISTS (SELECT 1 FROM public.contact c WHERE c.id = q.taken_in AND c.organisation_id = q.taken_by_id
                                   AND c.ended_at IS NULL),
           coalesce(e.slugs, '{}'), coalesce(j.lines, '{}'), CASE WHEN r.id IS NOT NULL THEN @base@ END,
           CASE WHEN r.id IS NOT NULL AND e.slugs IS NOT NULL THEN coalesce(wall.answer_on(r.id, 'passing'), 'not-asked') END,
           count(*)
      FROM public.request q JOIN public.organisation t ON t.id = q.taken_by_id
      LEFT JOIN public.organisation p ON p.id = q.responsible_id LEFT JOIN public.organisation h ON h.id = q.intake_home_id
      LEFT JOIN public.request_resident l ON l.request_id = q.id LEFT JOIN public.resident r ON r.id = l.resident_id
      LEFT JOIN held e ON e.request_id = q.id LEFT JOIN running j ON j.request_id = q.id
     WHERE q.ctid >= first_row AND q.ctid < end_row
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;
END $$;

-- Conversations, by the council that had them and the facts of the residents they were with.
CREATE FUNCTION wall.impact_contacts(first_block bigint, next_block bigint)
RETURNS TABLE (taken_by text, people text[], many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE first_row tid := format('(%s,0)', first_block)::tid; end_row tid := format('(%s,0)', next_block)::tid;
    today date := wall.today();
BEGIN
    PERFORM wall.impact_in_hand();
    RETURN QUERY
    WITH held AS (
        SELECT c.id, o.slug, coalesce(array_agg(DISTINCT b.line) FILTER (WHERE b.line IS NOT NULL), '{}') AS lines
          FROM public.contact c JOIN public.organisation o ON o.id = c.organisation_id
          LEFT JOIN LATERAL (SELECT @base@ AS line FROM public.contact_person s JOIN public.resident r ON r.id = s.resident_id
                              WHERE s.contact_id = c.id) b ON true
         WHERE c.ctid >= first_row AND c.ctid < end_row GROUP BY c.id, o.slug)
    SELECT h.slug, h.lines, count(*) FROM held h GROUP BY 1, 2;
END $$;

-- The look-ups of some time, by what they were: an entry's sight of one resident is one. What was refused, by where.
CREATE FUNCTION wall.impact_lookups(since timestamptz, until timestamptz)
RETURNS TABLE (organisation text, role text, unit text, purpose text, event text, endpoint text, kind text, version integer,
    groups text, scopes text, many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM wall.impact_in_hand();
    RETURN QUERY
    WITH alike AS (
        SELECT e.organisation_id, e.hat_id, e.purpose, e.event, CASE WHEN e.event = 'refused' THEN e.facts ->> 'endpoint' END AS place,
               CASE WHEN e.event = 'refused' THEN e.facts ->> 'kind' END AS failure, e.policy_version,
               s.groups::text AS parts, s.scopes::text AS rights, count(*) AS times
          FROM public.journal_entry e LEFT JOIN public.journal_subject s ON s.entry_id = e.id
         WHERE e.at >= since AND e.at < until AND CASE WHEN s.entry_id IS NULL THEN e.event = 'refused' ELSE split_part(e.event, '.', 2)
               IN ('seen', 'shown', 'listed', 'searched', 'known', 'found', 'compared') END
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9)
    SELECT o.slug, h.role, coalesce(h.unit, '-'), a.purpose, a.event, a.place, a.failure, a.policy_version, a.parts, a.rights,
           sum(a.times)::bigint
      FROM alike a JOIN public.hat h ON h.id = a.hat_id JOIN public.organisation o ON o.id = a.organisation_id
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
END $$;

-- A draft is handed in, approved and published only while what it would change is known for the very text, nothing of that
-- stands in its way, and, to be approved, whoever approves has read it. What takes sight away at once gives nobody anything.
CREATE FUNCTION wall.heed_impact() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE latest public.policy_impact;
BEGIN
    SELECT i.* INTO latest FROM public.policy_draft d JOIN public.policy_impact i
        ON i.draft_id = d.id AND i.fingerprint = d.fingerprint AND i.base = d.base AND i.state = 'done'
     WHERE d.id = NEW.draft_id AND d.fingerprint = NEW.fingerprint ORDER BY i.done_at DESC LIMIT 1;
    IF latest.id IS NULL OR latest.blocked OR latest.done_at <= now() - interval '7 days' THEN
        RAISE EXCEPTION 'what this draft would change is not known, or stands in its way'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    IF NEW.act = 'approved' AND NOT EXISTS (
        SELECT FROM public.policy_draft_step s WHERE s.draft_id = NEW.draft_id AND s.act = 'read'
           AND s.person_id = NEW.person_id AND s.fingerprint = NEW.fingerprint AND s.at >= latest.done_at) THEN
        RAISE EXCEPTION 'what this draft would change was not read' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    RETURN NEW;
END $$;

GRANT CREATE ON SCHEMA wall TO @definer@;
DO $$ DECLARE f text; BEGIN
    FOREACH f IN ARRAY ARRAY['begin_impact(uuid, uuid, text, text, boolean)', 'impact_in_hand()', 'tell_impact(bigint, bigint)',
        'end_impact(timestamptz, boolean, jsonb)', 'impact_sizes()', 'impact_residents(bigint, bigint)', 'impact_served()',
        'impact_requests(bigint, bigint)', 'impact_contacts(bigint, bigint)', 'impact_lookups(timestamptz, timestamptz)', 'running_jobs()',
        'opened_by_law()', 'heed_impact()'] LOOP
        EXECUTE format('ALTER FUNCTION wall.%s OWNER TO @definer@', f);
        EXECUTE format('REVOKE ALL ON FUNCTION wall.%s FROM PUBLIC', f);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
GRANT EXECUTE ON FUNCTION wall.begin_impact(uuid, uuid, text, text, boolean), wall.tell_impact(bigint, bigint),
    wall.end_impact(timestamptz, boolean, jsonb), wall.impact_sizes(), wall.impact_residents(bigint, bigint), wall.impact_served(),
    wall.impact_requests(bigint, bigint), wall.impact_contacts(bigint, bigint), wall.impact_lookups(timestamptz, timestamptz) TO @office@;
CREATE TRIGGER heeds_impact BEFORE INSERT ON policy_draft_step FOR EACH ROW
    WHEN (NEW.act IN ('submitted', 'approved', 'published')) EXECUTE FUNCTION wall.heed_impact();
