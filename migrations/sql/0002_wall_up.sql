-- The wall: what each audience may see at most, whatever the application asks. It stands behind the guard, knows no
-- purpose and no field-group rule, and is written so that a mistake in the application cannot pass it.
-- @council@, @partner@, @rights@, @office@, @job@, @signin@, @web@ and @definer@ are the roles of this installation.

CREATE SCHEMA wall;
GRANT USAGE ON SCHEMA wall TO @web@, @definer@, @council@, @partner@, @rights@, @office@, @job@, @signin@;
GRANT USAGE ON SCHEMA public TO @definer@, @council@, @partner@, @rights@, @office@, @job@, @signin@;
GRANT CREATE ON SCHEMA wall TO @definer@;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO @definer@;

-- ------------------------------------------------------------------ who speaks
CREATE FUNCTION wall.today() RETURNS date LANGUAGE sql STABLE
    RETURN (now() AT TIME ZONE 'Europe/London')::date;

CREATE FUNCTION wall.facts_on() RETURNS date LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN coalesce((SELECT as_at FROM public.partnership WHERE id = 1), wall.today());
END $$;

CREATE FUNCTION wall.audience_of(role text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN CASE
        WHEN role IN ('adviser', 'team_leader', 'service_officer') THEN 'council'
        WHEN role IN ('contractor', 'voluntary') THEN 'partner'
        WHEN role = 'information_officer' THEN 'rights'
        WHEN role IN ('administrator', 'auditor', 'service_manager', 'partner_manager') THEN 'office'
    END;

CREATE TYPE wall.speaker AS (
    sign_in_id uuid, person_id uuid, hat_id uuid, organisation_id uuid, role text, unit text, audience text, contact_id uuid);

-- The hat is the sign-in's, or that of the contact in progress. A secret that is wrong, ended or idle speaks for nobody.
CREATE FUNCTION wall.speaker_of(secret text, contact uuid) RETURNS wall.speaker
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE found_speaker wall.speaker;
BEGIN
    SELECT s.id, s.person_id, h.id, h.organisation_id, h.role, coalesce(h.unit, '-'), wall.audience_of(h.role), c.id
      INTO found_speaker
      FROM public.sign_in s
      JOIN public.person p ON p.id = s.person_id AND (p.ended_at IS NULL OR p.ended_at > now())
      LEFT JOIN public.contact c ON c.id = contact AND c.person_id = s.person_id AND c.ended_at IS NULL
      JOIN public.hat h ON h.id = coalesce(c.hat_id, s.hat_id) AND h.person_id = s.person_id
      JOIN public.organisation o ON o.id = h.organisation_id
       AND (o.kind = 'council') = (wall.audience_of(h.role) IN ('council', 'rights') OR h.role IN (
            'administrator', 'auditor', 'service_manager'))
       AND h.valid_from <= wall.today() AND (h.valid_until IS NULL OR h.valid_until > wall.today())
     WHERE s.secret_hash = encode(sha256(convert_to(secret, 'UTF8')), 'hex') AND s.hat_id IS NOT NULL
       AND s.revoked_at IS NULL AND s.expires_at > now()
       AND s.seen_at + s.idle_minutes * interval '1 minute' > now();
    RETURN found_speaker;
END $$;

CREATE FUNCTION wall.speaker() RETURNS wall.speaker LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN wall.speaker_of(current_setting('jc.secret', true), nullif(current_setting('jc.contact', true), '')::uuid);
END $$;

-- Null unless the one who speaks belongs to the audience that asks: a context worn under another role sees nothing.
CREATE FUNCTION wall.org(asking text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker();
BEGIN
    RETURN CASE WHEN who.audience = asking THEN who.organisation_id END;
END $$;

CREATE FUNCTION wall.person(asking text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker();
BEGIN
    RETURN CASE WHEN who.audience = asking THEN who.person_id END;
END $$;

-- The policy that this transaction lives by: of those whose time it is the latest.
CREATE FUNCTION wall.live_policy(OUT number integer, OUT fingerprint text) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT p.number, p.fingerprint FROM public.policy_version p
     WHERE p.live_from <= now() AND (p.live_until IS NULL OR p.live_until > now())
     ORDER BY p.number DESC LIMIT 1
$$;

-- What was published stays as it was, for whoever has to answer for it later.
CREATE FUNCTION wall.never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published policy version is never changed or deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON policy_version
    FOR EACH STATEMENT EXECUTE FUNCTION wall.never_changed();

-- Opens a unit of work: who speaks, since when, under which policy. One row, or none for nobody.
-- A program names its contact by reference; a browser's is the one it opened and has not ended.
CREATE FUNCTION wall.begin(secret text, contact_ref text, OUT sign_in_id uuid, OUT person_id uuid, OUT hat_id uuid,
    OUT organisation_id uuid, OUT organisation text, OUT organisation_kind text, OUT role text, OUT unit text,
    OUT audience text, OUT contact_id uuid, OUT policy_version integer, OUT policy_fingerprint text,
    OUT facts_on date, OUT at timestamptz)
RETURNS SETOF record LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker; wanted uuid;
BEGIN
    SELECT c.id INTO wanted FROM public.contact c JOIN public.sign_in s
        ON s.secret_hash = encode(sha256(convert_to(secret, 'UTF8')), 'hex')
     WHERE c.ended_at IS NULL AND c.person_id = s.person_id
       AND (c.ref = contact_ref OR contact_ref IS NULL AND c.in_browser AND c.sign_in_id = s.id);
    who := wall.speaker_of(secret, wanted);
    IF who.sign_in_id IS NULL THEN
        RETURN;
    END IF;
    -- Nobody waits to be marked as seen: whoever holds the row is marking it, perhaps the very request that asks again.
    UPDATE public.sign_in s SET seen_at = now() WHERE s.id = (
        SELECT i.id FROM public.sign_in i WHERE i.id = who.sign_in_id AND i.seen_at < now() - interval '1 minute'
           FOR UPDATE SKIP LOCKED);
    RETURN QUERY
        SELECT who.sign_in_id, who.person_id, who.hat_id, who.organisation_id, o.slug, o.kind, who.role, who.unit,
               who.audience, who.contact_id, v.number, v.fingerprint, wall.facts_on(), now()
          FROM public.organisation o
          LEFT JOIN wall.live_policy() v ON true
         WHERE o.id = who.organisation_id;
END $$;

-- The organisations whose staff the speaker looks after: every one's for an administrator, their own for a partner's manager.
CREATE FUNCTION wall.staffing(asking text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker();
BEGIN
    RETURN ARRAY(SELECT id FROM public.organisation
        WHERE who.audience = asking
          AND (who.role = 'administrator' OR who.role = 'partner_manager' AND id = who.organisation_id));
END $$;

-- Somebody all of whose hats are the speaker's to look after, and never the speaker.
CREATE FUNCTION wall.looks_after(whom uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE theirs uuid[] := wall.staffing('office'); who wall.speaker := wall.speaker();
BEGIN
    RETURN coalesce(whom <> who.person_id AND (who.role = 'administrator'
        OR EXISTS (SELECT 1 FROM public.hat WHERE person_id = whom))
       AND cardinality(theirs) > 0
       AND NOT EXISTS (SELECT 1 FROM public.hat WHERE person_id = whom AND NOT organisation_id = ANY (theirs)), false);
END $$;

-- A browser's contact that is not ended holds its sign-in to the hat of that conversation.
CREATE FUNCTION wall.in_conversation(secret text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.contact c JOIN public.sign_in s ON s.id = c.sign_in_id
        WHERE s.secret_hash = encode(sha256(convert_to(secret, 'UTF8')), 'hex') AND c.in_browser AND c.ended_at IS NULL);
END $$;

-- Who signs out leaves no conversation open behind them. How many there were (one, or none).
CREATE FUNCTION wall.abandon(secret text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE ended bigint;
BEGIN
    UPDATE public.contact c SET ended_at = now(), outcome = 'abandoned' FROM public.sign_in s
     WHERE s.id = c.sign_in_id AND s.secret_hash = encode(sha256(convert_to(secret, 'UTF8')), 'hex') AND c.ended_at IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

-- ------------------------------------------------------------------ rights that other tables hold
CREATE FUNCTION wall.related(asking text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN ARRAY(SELECT resident_id FROM public.relation WHERE person_id = wall.person(asking));
END $$;

CREATE FUNCTION wall.disclosed(asking text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker();
BEGIN
    RETURN ARRAY(SELECT d.resident_id FROM public.disclosure d
        WHERE who.audience = asking AND d.organisation_id = who.organisation_id
          AND (d.person_id IS NULL OR d.person_id = who.person_id) AND d.since <= now() AND d.until > now());
END $$;

-- The same, where the disclosure names this field group: for what even the floor should not show because of another one.
CREATE FUNCTION wall.disclosed_group(asking text, part text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker();
BEGIN
    RETURN ARRAY(SELECT d.resident_id FROM public.disclosure d
        WHERE who.audience = asking AND d.organisation_id = who.organisation_id AND part = ANY (d.groups)
          AND (d.person_id IS NULL OR d.person_id = who.person_id) AND d.since <= now() AND d.until > now());
END $$;

-- The residents of open requests that run with this partner under an agreement in force, objections and restriction apart.
CREATE FUNCTION wall.assigned(asking text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE partner uuid := wall.org(asking);
BEGIN
    RETURN ARRAY(SELECT l.resident_id
        FROM public.assignment a
        JOIN public.request q ON q.id = a.request_id AND q.closed_at IS NULL
        JOIN public.agreement g ON g.id = a.agreement_id AND g.partner_id = a.organisation_id AND g.valid @> wall.facts_on()
        JOIN public.agreement_service s ON s.agreement_id = g.id AND s.lgsl = q.lgsl
        JOIN public.agreement_council k ON k.agreement_id = g.id AND k.council_id = q.responsible_id
        JOIN public.agreement_purpose u ON u.agreement_id = g.id AND u.purpose = 'deliver'
        JOIN public.request_resident l ON l.request_id = q.id
        JOIN public.resident r ON r.id = l.resident_id
        WHERE a.organisation_id = partner AND a.ended_at IS NULL
          AND NOT r.restricted AND NOT partner = ANY (r.objected_to));
END $$;

-- The speaker's requests that a mask on the linked resident reaches. Named here because the speaker may not see the link.
CREATE FUNCTION wall.masked_requests(mask text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker();
BEGIN
    RETURN ARRAY(SELECT l.request_id
        FROM public.resident r JOIN public.request_resident l ON l.resident_id = r.id
        JOIN public.request q ON q.id = l.request_id
        WHERE CASE mask
                WHEN 'objection' THEN r.objected_to @> ARRAY[who.organisation_id]
                WHEN 'protected' THEN r.protected
                WHEN 'restricted' THEN r.restricted
                WHEN 'own_record' THEN r.id IN (SELECT resident_id FROM public.relation WHERE person_id = who.person_id)
              END
          AND (q.taken_by_id = who.organisation_id OR q.responsible_id = who.organisation_id
               OR q.intake_home_id = who.organisation_id OR EXISTS (
                   SELECT 1 FROM public.assignment a WHERE a.request_id = q.id AND a.organisation_id = who.organisation_id)));
END $$;

-- Whether the resident behind a request said no to a partner's having it: to this partner, or to passing anything on. Asked
-- before handing over by those who answer for it or took it, who may not see the resident.
CREATE FUNCTION wall.objects(asked uuid, partner uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.request q
        JOIN public.request_resident l ON l.request_id = q.id JOIN public.resident r ON r.id = l.resident_id
        WHERE q.id = asked AND wall.org('council') IN (q.responsible_id, q.taken_by_id) AND (partner = ANY (r.objected_to)
           OR wall.answer_on(r.id, 'passing') IN ('refused', 'withdrawn')));
END $$;

-- Who may say whose request it is: the council that took it, and of an intake the council where the caller lives.
CREATE FUNCTION wall.may_link(asked uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE council uuid := wall.org('council');
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.request q WHERE q.id = asked AND (
        q.taken_by_id = council OR q.intake AND q.permission = 'given' AND q.intake_home_id = council));
END $$;

-- The requests of the speaking council whose partner in hand lost sight of them to an objection: somebody else must go.
CREATE FUNCTION wall.objected_jobs(asking text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN ARRAY(SELECT q.id FROM public.resident r
        JOIN public.request_resident l ON l.resident_id = r.id
        JOIN public.request q ON q.id = l.request_id AND q.closed_at IS NULL AND q.responsible_id = wall.org(asking)
        JOIN public.assignment a ON a.request_id = q.id AND a.ended_at IS NULL AND a.organisation_id = ANY (r.objected_to)
        WHERE r.objected_to <> '{}');
END $$;

-- The intakes offered to the speaker that have been linked, to whichever council's resident: the speaker may not see the link.
CREATE FUNCTION wall.linked_intakes() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker();
BEGIN
    RETURN ARRAY(SELECT q.id FROM public.request q JOIN public.request_resident l ON l.request_id = q.id
        WHERE q.intake_home_id = who.organisation_id AND q.closed_at IS NULL);
END $$;

CREATE FUNCTION wall.own_contacts(asking text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- One that was left open by a sign-in that has ended is over as well.
    RETURN ARRAY(SELECT c.id FROM public.contact c JOIN public.sign_in s ON s.id = c.sign_in_id
        WHERE c.organisation_id = wall.org(asking) AND c.ended_at IS NULL
          AND s.revoked_at IS NULL AND s.expires_at > now());
END $$;

-- ------------------------------------------------------------------ facts that only triggers and these functions may write
-- The records of one person: this one, the one it was joined to, and all that were joined to that.
CREATE FUNCTION wall.of_one_person(record uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE first uuid; several boolean;
BEGIN
    SELECT coalesce(merged_into, id), joined OR merged_into IS NOT NULL INTO first, several FROM public.resident WHERE id = record;
    IF NOT several THEN
        RETURN ARRAY[record];
    END IF;
    RETURN ARRAY(SELECT id FROM public.resident WHERE id = first OR merged_into = first ORDER BY id);
END $$;

-- What a person last said on a matter, over all their records: what was said since they were joined, or else the strictest of
-- what each record had: no beats not asked, and not asked (null) beats yes.
CREATE FUNCTION wall.answer_on(record uuid, asked text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE records uuid[] := wall.of_one_person(record); since timestamptz; said text; answers text[];
BEGIN
    IF cardinality(records) > 1 THEN
        SELECT max(merged_at) INTO since FROM public.resident WHERE id = ANY (records);
        SELECT answer INTO said FROM public.choice WHERE resident_id = ANY (records) AND matter = asked AND at > since
         ORDER BY at DESC, id DESC LIMIT 1;
        IF said IS NOT NULL THEN
            RETURN said;
        END IF;
    END IF;
    answers := ARRAY(SELECT (SELECT c.answer FROM public.choice c WHERE c.resident_id = one AND c.matter = asked
                              ORDER BY c.at DESC, c.id DESC LIMIT 1) FROM unnest(records) one);
    RETURN CASE WHEN 'refused' = ANY (answers) THEN 'refused' WHEN 'withdrawn' = ANY (answers) THEN 'withdrawn'
                WHEN array_position(answers, NULL) IS NOT NULL THEN NULL ELSE 'given' END;
END $$;

-- Whom a person objects to, over all their records: what was said since they were joined, or else every one that stands.
CREATE FUNCTION wall.objections_of(record uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE records uuid[] := wall.of_one_person(record); since timestamptz;
BEGIN
    SELECT max(merged_at) INTO since FROM public.resident WHERE id = ANY (records);
    RETURN ARRAY(
        SELECT organisation_id FROM (
            SELECT DISTINCT ON (CASE WHEN o.at > since THEN NULL ELSE o.resident_id END, o.organisation_id)
                   o.organisation_id, o.active, o.at
              FROM public.objection o WHERE o.resident_id = ANY (records)
             ORDER BY CASE WHEN o.at > since THEN NULL ELSE o.resident_id END, o.organisation_id, o.at DESC, o.id DESC) latest
         GROUP BY organisation_id
        HAVING CASE WHEN bool_or(at > since) THEN bool_or(active AND at > since) ELSE bool_or(active) END
         ORDER BY organisation_id);
END $$;

-- What decides on sight stands in every record of a person alike.
CREATE FUNCTION wall.settle_sharing(record uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE records uuid[] := wall.of_one_person(record); agreed boolean;
BEGIN
    PERFORM 1 FROM public.resident WHERE id = ANY (records) ORDER BY id FOR UPDATE;
    agreed := coalesce(wall.answer_on(record, 'sharing') = 'given', false);
    UPDATE public.resident SET shared = agreed WHERE id = ANY (records);
END $$;

CREATE FUNCTION wall.settle_objections(record uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE records uuid[] := wall.of_one_person(record); against uuid[];
BEGIN
    PERFORM 1 FROM public.resident WHERE id = ANY (records) ORDER BY id FOR UPDATE;
    against := wall.objections_of(record);
    UPDATE public.resident SET objected_to = against WHERE id = ANY (records);
END $$;

CREATE FUNCTION wall.keep_sharing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.matter = 'sharing' THEN
        PERFORM wall.settle_sharing(NEW.resident_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER choice_keeps_sharing AFTER INSERT ON choice FOR EACH ROW EXECUTE FUNCTION wall.keep_sharing();

CREATE FUNCTION wall.keep_objections() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM wall.settle_objections(NEW.resident_id);
    RETURN NULL;
END $$;
CREATE TRIGGER objection_keeps_residents AFTER INSERT ON objection FOR EACH ROW EXECUTE FUNCTION wall.keep_objections();

-- The keys stand once for each council that may ask for the resident as its own, so that an index can lead with it.
CREATE FUNCTION wall.spread_keys() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE councils uuid[] := ARRAY(SELECT DISTINCT c FROM unnest(ARRAY[NEW.home_id, NEW.next_home_id, NEW.keeper_id]) c
                                  WHERE c IS NOT NULL);
BEGIN
    UPDATE public.resident_key SET shared = NEW.shared WHERE resident_id = NEW.id AND shared <> NEW.shared;
    INSERT INTO public.resident_key (id, resident_id, council_id, shared, grp, key)
        SELECT gen_random_uuid(), NEW.id, c, NEW.shared, k.grp, k.key
          FROM (SELECT DISTINCT grp, key FROM public.resident_key WHERE resident_id = NEW.id) k, unnest(councils) c
         WHERE NOT EXISTS (SELECT 1 FROM public.resident_key o
             WHERE o.resident_id = NEW.id AND o.council_id = c AND o.grp = k.grp AND o.key = k.key);
    DELETE FROM public.resident_key WHERE resident_id = NEW.id AND NOT council_id = ANY (councils);
    RETURN NULL;
END $$;
CREATE TRIGGER resident_spreads_keys AFTER UPDATE OF home_id, next_home_id, keeper_id, shared ON resident
    FOR EACH ROW EXECUTE FUNCTION wall.spread_keys();

-- Moving changes whose record it is, so the columns are written here alone, and only for a council that sees the record.
CREATE FUNCTION wall.move(moving uuid, new_home uuid, since date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE mover uuid := wall.org('council'); row public.resident;
BEGIN
    SELECT * INTO row FROM public.resident WHERE id = moving FOR UPDATE;
    IF row.home_until <= wall.today() THEN
        row.home_id := row.next_home_id; row.home_until := NULL; row.next_home_id := NULL;
    END IF;
    IF mover IS NULL OR row.id IS NULL OR row.restricted OR NOT coalesce(
        row.home_id = mover OR row.shared AND row.home_id IS NOT NULL AND NOT mover = ANY (row.objected_to), false) THEN
        RAISE EXCEPTION 'nothing to move' USING ERRCODE = 'no_data_found';
    END IF;
    IF since <= wall.today() THEN
        UPDATE public.resident SET home_id = new_home, home_until = NULL, next_home_id = NULL,
               keeper_id = coalesce(new_home, row.home_id, keeper_id) WHERE id = moving;
        -- Moving out of the partnership ends what was agreed to (R14).
        IF new_home IS NULL THEN
            INSERT INTO public.choice (id, resident_id, matter, answer, wording_version, channel, at, hat_id)
                SELECT gen_random_uuid(), moving, matter, 'withdrawn', wording_version, channel, clock_timestamp(),
                       (wall.speaker()).hat_id
                  FROM (SELECT DISTINCT ON (matter) * FROM public.choice WHERE resident_id = moving
                         ORDER BY matter, at DESC, id DESC) latest
                 WHERE answer = 'given';
        END IF;
    ELSE
        UPDATE public.resident SET home_id = row.home_id, home_until = since, next_home_id = new_home WHERE id = moving;
    END IF;
END $$;

-- A council that passes a request on loses it with the same stroke, so it is done here: a row may not leave one's sight.
CREATE FUNCTION wall.pass_on(passing uuid, receiver uuid, receiving_unit text, promised date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE public.request SET responsible_id = receiver, unit = receiving_unit, queue = NULL, status = 'passed',
           promised_by = promised, version = version + 1
     WHERE id = passing AND responsible_id = wall.org('council') AND closed_at IS NULL AND receiver <> responsible_id
       AND EXISTS (SELECT 1 FROM public.organisation o WHERE o.id = receiver AND o.kind = 'council');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing to pass on' USING ERRCODE = 'no_data_found';
    END IF;
END $$;

-- Held by whoever sends something on the strength of a choice, until it is sent: a withdrawal waits for it (R7).
CREATE FUNCTION wall.hold_sharing(holding uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE held boolean;
BEGIN
    SELECT shared INTO held FROM public.resident WHERE id = holding FOR SHARE;
    RETURN coalesce(held, false);
END $$;

DO $$ DECLARE f regprocedure; BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'wall'::regnamespace AND p.prosecdef LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO @definer@', f);
    END LOOP;
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'wall'::regnamespace LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
GRANT EXECUTE ON FUNCTION wall.begin(text, text), wall.facts_on() TO @web@;
GRANT EXECUTE ON FUNCTION wall.today(), wall.facts_on(), wall.audience_of(text), wall.speaker(), wall.org(text),
    wall.person(text), wall.related(text), wall.disclosed(text), wall.disclosed_group(text, text), wall.assigned(text),
    wall.own_contacts(text), wall.linked_intakes(), wall.masked_requests(text), wall.objected_jobs(text),
    wall.objects(uuid, uuid), wall.may_link(uuid)
    TO @definer@, @council@, @partner@, @rights@, @office@, @job@, @signin@;
GRANT EXECUTE ON FUNCTION wall.of_one_person(uuid), wall.answer_on(uuid, text), wall.objections_of(uuid),
    wall.settle_sharing(uuid), wall.settle_objections(uuid) TO @definer@;
GRANT EXECUTE ON FUNCTION wall.speaker_of(text, uuid) TO @definer@, @signin@;
GRANT EXECUTE ON FUNCTION wall.in_conversation(text), wall.abandon(text) TO @signin@;
GRANT UPDATE (ended_at, outcome) ON contact TO @definer@;
GRANT EXECUTE ON FUNCTION wall.staffing(text), wall.looks_after(uuid) TO @definer@, @office@;
GRANT EXECUTE ON FUNCTION wall.move(uuid, uuid, date), wall.hold_sharing(uuid),
    wall.pass_on(uuid, uuid, text, date) TO @council@;
GRANT UPDATE (shared, objected_to, home_id, home_until, next_home_id, keeper_id) ON resident TO @definer@;
GRANT UPDATE (responsible_id, unit, queue, status, promised_by, version) ON request TO @definer@;
GRANT INSERT, UPDATE, DELETE ON resident_key TO @definer@;
GRANT INSERT ON choice TO @definer@;
GRANT UPDATE (seen_at) ON sign_in TO @definer@;
-- SELECT ... FOR UPDATE and FOR SHARE ask for the right to update some column, which the definer has.

-- ------------------------------------------------------------------ public reference data: everybody reads
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['partnership', 'organisation', 'line', 'unit', 'agreement', 'agreement_council',
        'agreement_purpose', 'agreement_group', 'agreement_service', 'delivery', 'wording', 'service', 'local_service',
        'service_field', 'service_need', 'service_question', 'service_answer', 'routing_exception', 'related_service',
        @reference_tables@, 'policy_version'] LOOP
        EXECUTE format('GRANT SELECT ON %I TO @council@, @partner@, @rights@, @office@, @job@, @signin@', t);
    END LOOP;
END $$;

-- A place confirmed by address: who and when stand in the row.
GRANT INSERT ON place_override TO @council@;

-- ------------------------------------------------------------------ row security on everything protected
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['resident', 'resident_name', 'resident_address', 'resident_channel', 'resident_preference',
        'resident_birth', 'resident_need', 'resident_identity', 'resident_sensitive', 'resident_change', 'resident_key',
        'choice', 'objection', 'contact', 'contact_person', 'contact_note', 'request', 'request_job', 'request_copy',
        'request_resident', 'assignment', 'request_step', 'request_note', 'intake_kept', 'disclosure', 'relation',
        'journal_entry', 'journal_subject', 'idempotency', 'find_question', 'person', 'hat', 'credential',
        'sign_in', 'sign_in_failure', 'sign_in_word'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer_all ON %I TO @definer@ USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

-- The resident.
-- Read and changed through the same words: an UPDATE that reads no column would otherwise pass the reading policy by.
DO $$ DECLARE rule record; BEGIN
    FOR rule IN SELECT * FROM (VALUES
        ('council', $rule$
            (((home_id = (SELECT wall.org('council')) AND (home_until IS NULL OR home_until > (SELECT wall.today())))
              OR (next_home_id = (SELECT wall.org('council')) AND home_until <= (SELECT wall.today()))
              OR (shared AND (SELECT wall.org('council')) IS NOT NULL
                  AND CASE WHEN home_until <= (SELECT wall.today()) THEN next_home_id ELSE home_id END IS NOT NULL
                  AND NOT (SELECT wall.org('council')) = ANY (objected_to)))
             AND NOT restricted OR id = ANY ((SELECT wall.disclosed('council'))::uuid[]))
            AND NOT id = ANY ((SELECT wall.related('council'))::uuid[]) $rule$),
        ('rights', $rule$
            (keeper_id = (SELECT wall.org('rights')) OR id = ANY ((SELECT wall.disclosed('rights'))::uuid[]))
            AND NOT id = ANY ((SELECT wall.related('rights'))::uuid[]) $rule$),
        ('partner', $rule$
            (id = ANY ((SELECT wall.assigned('partner'))::uuid[]) OR id = ANY ((SELECT wall.disclosed('partner'))::uuid[]))
            AND NOT id = ANY ((SELECT wall.related('partner'))::uuid[]) $rule$)) AS r (audience, seen)
    LOOP
        EXECUTE format('CREATE POLICY %I ON resident FOR SELECT TO @prefix@_%s USING (%s)',
                       rule.audience || '_sees', rule.audience, rule.seen);
        IF rule.audience <> 'partner' THEN
            EXECUTE format('CREATE POLICY %I ON resident FOR UPDATE TO @prefix@_%s USING (%s) WITH CHECK (true)',
                           rule.audience || '_changes', rule.audience, rule.seen);
        END IF;
    END LOOP;
END $$;
CREATE POLICY council_records ON resident FOR INSERT TO @council@ WITH CHECK (
    home_id = (SELECT wall.org('council')) AND keeper_id = home_id AND NOT shared AND objected_to = '{}'
    AND home_until IS NULL AND next_home_id IS NULL AND NOT restricted AND NOT protected AND merged_into IS NULL AND NOT joined);
GRANT SELECT ON resident TO @council@, @rights@, @partner@;
GRANT INSERT ON resident TO @council@;
GRANT UPDATE (version) ON resident TO @council@;
GRANT UPDATE (version, restricted, protected) ON resident TO @rights@;

-- Everything that hangs on a resident follows the resident's own row. Where an audience has no policy it sees no row: to
-- ask is no error, so that an answer cannot differ by what there is.
DO $$ DECLARE t text; audiences text; reached text; BEGIN
    FOREACH t IN ARRAY ARRAY['resident_name', 'resident_address', 'resident_channel', 'resident_preference',
        'resident_birth', 'resident_need', 'resident_identity', 'resident_change', 'resident_key', 'choice', 'objection',
        'contact_person', 'contact_note', 'request_resident', 'resident_sensitive'] LOOP
        audiences := CASE
            WHEN t = 'resident_sensitive' THEN '@rights@'
            WHEN t IN ('resident_name', 'resident_address', 'resident_channel', 'resident_preference', 'resident_need',
                       'request_resident') THEN '@council@, @rights@, @partner@'
            ELSE '@council@, @rights@' END;
        -- What was taken over from a record that was joined to this one takes both to be seen.
        reached := format('EXISTS (SELECT 1 FROM resident r WHERE r.id = %1$I.resident_id)', t) || CASE
            WHEN t IN ('resident_name', 'resident_address', 'resident_channel', 'resident_birth', 'resident_need', 'resident_change')
            THEN format(' AND (merged_from IS NULL OR EXISTS (SELECT 1 FROM resident o WHERE o.id = %1$I.merged_from))', t)
            ELSE '' END;
        EXECUTE format('CREATE POLICY follows ON %1$I FOR SELECT TO %2$s USING (%3$s)', t, audiences, reached);
        EXECUTE format('GRANT SELECT ON %I TO @council@, @rights@, @partner@, @office@', t);
        IF t <> 'resident_sensitive' THEN
            EXECUTE format('CREATE POLICY follows_in ON %1$I FOR INSERT TO @council@ WITH CHECK (%2$s)', t, reached);
            IF t = 'request_resident' THEN
                -- To link a request of others to a resident of one's own would be a way to see it.
                CREATE POLICY may_link ON request_resident AS RESTRICTIVE FOR INSERT TO @council@
                    WITH CHECK (wall.may_link(request_id));
            END IF;
            EXECUTE format('GRANT INSERT ON %I TO @council@', t);
        END IF;
    END LOOP;
    FOREACH t IN ARRAY ARRAY['choice', 'objection'] LOOP
        EXECUTE format('CREATE POLICY rights_in ON %1$I FOR INSERT TO @rights@
            WITH CHECK (EXISTS (SELECT 1 FROM resident r WHERE r.id = %1$I.resident_id))', t);
        EXECUTE format('GRANT INSERT ON %I TO @rights@', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['resident_name', 'resident_address', 'resident_channel', 'resident_preference',
        'resident_birth', 'resident_need', 'resident_key'] LOOP
        reached := (SELECT qual FROM pg_policies WHERE schemaname = 'public' AND tablename = t AND policyname = 'follows');
        EXECUTE format('CREATE POLICY follows_change ON %I FOR UPDATE TO @council@ USING (%s)', t, reached);
        EXECUTE format('CREATE POLICY follows_out ON %I FOR DELETE TO @council@ USING (%s)', t, reached);
        EXECUTE format('GRANT UPDATE, DELETE ON %I TO @council@', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['resident', 'contact', 'request', 'assignment', 'request_job', 'request_copy', 'request_note',
        'request_step', 'intake_kept', 'disclosure', 'relation'] LOOP
        EXECUTE format('GRANT SELECT ON %I TO @council@, @rights@, @partner@, @office@', t);
    END LOOP;
END $$;
-- What a lawful disclosure opens beyond that: to a partner whatever it may name, and the sensitive only where it names it.
DO $$ DECLARE t text; audience text; BEGIN
    FOREACH t IN ARRAY ARRAY['resident_birth', 'resident_identity', 'choice', 'objection', 'contact_person', 'contact_note'] LOOP
        EXECUTE format('CREATE POLICY disclosed_to_partner ON %1$I FOR SELECT TO @partner@ USING (
            resident_id = ANY ((SELECT wall.disclosed(''partner''))::uuid[])
            AND EXISTS (SELECT 1 FROM resident r WHERE r.id = %1$I.resident_id)%2$s)', t,
            CASE WHEN t = 'resident_birth' THEN ' AND (merged_from IS NULL
                OR EXISTS (SELECT 1 FROM resident o WHERE o.id = resident_birth.merged_from))' ELSE '' END);
    END LOOP;
    FOREACH audience IN ARRAY ARRAY['council', 'partner'] LOOP
        EXECUTE format('CREATE POLICY %I ON resident_sensitive FOR SELECT TO @prefix@_%s USING (
            resident_id = ANY ((SELECT wall.disclosed_group(%L, ''sensitive''))::uuid[])
            AND EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_sensitive.resident_id))',
            'disclosed_to_' || audience, audience, audience);
    END LOOP;
END $$;
CREATE POLICY council_unlinks ON request_resident FOR DELETE TO @council@
    USING (EXISTS (SELECT 1 FROM resident r WHERE r.id = request_resident.resident_id));

-- Contacts.
-- A person's own: the one just opened for another of their councils, the one just ended, after which the hat changes back.
CREATE POLICY council_sees ON contact FOR SELECT TO @council@ USING (
    organisation_id = (SELECT wall.org('council'))
    OR person_id = (SELECT wall.person('council'))
    OR EXISTS (SELECT 1 FROM contact_person p WHERE p.contact_id = contact.id));
CREATE POLICY rights_sees ON contact FOR SELECT TO @rights@ USING (
    EXISTS (SELECT 1 FROM contact_person p WHERE p.contact_id = contact.id));
-- The hat of a new contact may be another of the speaker's own (the line decides): its organisation is that hat's.
CREATE POLICY council_opens ON contact FOR INSERT TO @council@ WITH CHECK (
    person_id = (SELECT wall.person('council'))
    AND EXISTS (SELECT 1 FROM hat h WHERE h.id = contact.hat_id AND h.person_id = contact.person_id
                AND h.organisation_id = contact.organisation_id));
CREATE POLICY council_changes ON contact FOR UPDATE TO @council@
    USING (person_id = (SELECT wall.person('council'))) WITH CHECK (person_id = (SELECT wall.person('council')));
GRANT SELECT, INSERT ON contact TO @council@;
GRANT UPDATE (ended_at, outcome, resolved_at_first_contact, topic_lgsl, verified) ON contact TO @council@;
GRANT SELECT ON contact TO @rights@;

-- Requests: the stub.
CREATE POLICY council_sees ON request FOR SELECT TO @council@ USING (
    taken_by_id = (SELECT wall.org('council')) OR responsible_id = (SELECT wall.org('council'))
    OR (intake_home_id = (SELECT wall.org('council')) AND permission = 'given')
    OR EXISTS (SELECT 1 FROM request_resident l WHERE l.request_id = request.id));
CREATE POLICY rights_sees ON request FOR SELECT TO @rights@ USING (
    taken_by_id = (SELECT wall.org('rights')) OR responsible_id = (SELECT wall.org('rights'))
    OR EXISTS (SELECT 1 FROM request_resident l WHERE l.request_id = request.id));
CREATE POLICY partner_sees ON request FOR SELECT TO @partner@ USING (
    EXISTS (SELECT 1 FROM assignment a WHERE a.request_id = request.id));
CREATE POLICY council_takes ON request FOR INSERT TO @council@ WITH CHECK (taken_by_id = (SELECT wall.org('council')));
CREATE POLICY council_works ON request FOR UPDATE TO @council@
    USING (responsible_id = (SELECT wall.org('council')) OR taken_by_id = (SELECT wall.org('council'))
    OR EXISTS (SELECT 1 FROM request_resident l JOIN resident r ON r.id = l.resident_id WHERE l.request_id = request.id
       AND CASE WHEN r.home_until <= (SELECT wall.today()) THEN r.next_home_id ELSE r.home_id END = (SELECT wall.org('council'))))
    WITH CHECK (true);
CREATE POLICY partner_works ON request FOR UPDATE TO @partner@
    USING (EXISTS (SELECT 1 FROM assignment a WHERE a.request_id = request.id AND a.ended_at IS NULL)) WITH CHECK (true);
GRANT SELECT, INSERT ON request TO @council@;
GRANT UPDATE (responsible_id, unit, queue, status, outcome, promised_by, closed_at, version) ON request TO @council@;
GRANT SELECT ON request TO @rights@, @partner@;
GRANT UPDATE (status, outcome, version) ON request TO @partner@;

-- Assignments: the partner's own, and those of requests that the council may see.
CREATE POLICY partner_sees ON assignment FOR SELECT TO @partner@ USING (organisation_id = (SELECT wall.org('partner')));
CREATE POLICY partner_works ON assignment FOR UPDATE TO @partner@ USING (organisation_id = (SELECT wall.org('partner')));
CREATE POLICY follows ON assignment FOR SELECT TO @council@, @rights@
    USING (EXISTS (SELECT 1 FROM request q WHERE q.id = assignment.request_id));
-- At first contact the council that takes a request hands it on in the same breath.
CREATE POLICY council_assigns ON assignment FOR INSERT TO @council@ WITH CHECK (EXISTS (
    SELECT 1 FROM request q WHERE q.id = assignment.request_id
       AND (q.responsible_id = (SELECT wall.org('council')) OR q.taken_by_id = (SELECT wall.org('council')))));
-- Ended by the council responsible; by the one that took the request, or whose resident it is for, when it is cancelled.
CREATE POLICY council_withdraws ON assignment FOR UPDATE TO @council@ USING (
    EXISTS (SELECT 1 FROM request q WHERE q.id = assignment.request_id
        AND (q.responsible_id = (SELECT wall.org('council')) OR q.taken_by_id = (SELECT wall.org('council'))))
    OR EXISTS (SELECT 1 FROM request_resident l JOIN resident r ON r.id = l.resident_id WHERE l.request_id = assignment.request_id
       AND CASE WHEN r.home_until <= (SELECT wall.today()) THEN r.next_home_id ELSE r.home_id END = (SELECT wall.org('council'))));
GRANT SELECT ON assignment TO @council@, @rights@, @partner@;
GRANT INSERT ON assignment TO @council@;
GRANT UPDATE (ended_at, ended_as, dispose_by, chased_at) ON assignment TO @council@;
GRANT UPDATE (accepted_at, started_at, ended_at, ended_as, dispose_by, disposed_at) ON assignment TO @partner@;

-- The parts of a request that not everybody who sees the stub may see.
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['request_job', 'request_copy', 'request_note'] LOOP
        EXECUTE format('CREATE POLICY council_sees ON %1$I FOR SELECT TO @council@ USING (EXISTS (
            SELECT 1 FROM request q WHERE q.id = %1$I.request_id AND (
                q.responsible_id = (SELECT wall.org(''council''))
                OR (q.intake_home_id = (SELECT wall.org(''council'')) AND q.permission = ''given'')
                OR EXISTS (SELECT 1 FROM request_resident l WHERE l.request_id = q.id)
                OR (q.taken_by_id = (SELECT wall.org(''council'')) AND q.intake AND q.taken_in = ANY (
                    (SELECT wall.own_contacts(''council''))::uuid[])))))', t);
        EXECUTE format('CREATE POLICY rights_sees ON %1$I FOR SELECT TO @rights@ USING (EXISTS (
            SELECT 1 FROM request q WHERE q.id = %1$I.request_id))', t);
        EXECUTE format('CREATE POLICY partner_sees ON %1$I FOR SELECT TO @partner@ USING (EXISTS (
            SELECT 1 FROM assignment a JOIN request q ON q.id = a.request_id AND q.closed_at IS NULL
             WHERE a.request_id = %1$I.request_id AND a.ended_at IS NULL)
            AND NOT request_id = ANY ((SELECT wall.masked_requests(''objection''))::uuid[])
            AND NOT request_id = ANY ((SELECT wall.masked_requests(''restricted''))::uuid[]))', t);
        EXECUTE format('CREATE POLICY council_adds ON %1$I FOR INSERT TO @council@ WITH CHECK (EXISTS (
            SELECT 1 FROM request q WHERE q.id = %1$I.request_id))', t);
        EXECUTE format('GRANT SELECT ON %I TO @council@, @rights@, @partner@', t);
        EXECUTE format('GRANT INSERT ON %I TO @council@', t);
    END LOOP;
END $$;
CREATE POLICY partner_adds ON request_note FOR INSERT TO @partner@ WITH CHECK (
    organisation_id = (SELECT wall.org('partner'))
    AND EXISTS (SELECT 1 FROM assignment a WHERE a.request_id = request_note.request_id));
CREATE POLICY council_changes ON request_job FOR UPDATE TO @council@ USING (EXISTS (
    SELECT 1 FROM request q WHERE q.id = request_job.request_id AND q.responsible_id = (SELECT wall.org('council'))));
CREATE POLICY partner_changes ON request_job FOR UPDATE TO @partner@ USING (EXISTS (
    SELECT 1 FROM assignment a WHERE a.request_id = request_job.request_id AND a.ended_at IS NULL));
GRANT INSERT ON request_note TO @partner@;
GRANT UPDATE (because, own_reference) ON request_job TO @council@;
GRANT UPDATE (own_reference) ON request_job TO @partner@;
CREATE POLICY follows ON request_step FOR SELECT TO @council@, @rights@, @partner@
    USING (EXISTS (SELECT 1 FROM request q WHERE q.id = request_step.request_id));
CREATE POLICY follows_in ON request_step FOR INSERT TO @council@, @partner@
    WITH CHECK (EXISTS (SELECT 1 FROM request q WHERE q.id = request_step.request_id));
GRANT SELECT ON request_step TO @council@, @rights@, @partner@;
-- That the home council looked and found nobody is its own matter: to anyone else it would say something of its residents.
CREATE POLICY home_sees ON intake_kept FOR SELECT TO @council@ USING (EXISTS (
    SELECT 1 FROM request q WHERE q.id = intake_kept.request_id AND q.intake_home_id = (SELECT wall.org('council'))));
CREATE POLICY home_keeps ON intake_kept FOR INSERT TO @council@ WITH CHECK (EXISTS (
    SELECT 1 FROM request q WHERE q.id = intake_kept.request_id AND q.intake_home_id = (SELECT wall.org('council'))));
GRANT INSERT ON intake_kept TO @council@;
GRANT INSERT ON request_step TO @council@, @partner@;

-- Disclosures and relations: those that concern the one who asks.
CREATE POLICY own ON disclosure FOR SELECT TO @council@, @rights@, @partner@ USING (
    organisation_id = coalesce((SELECT wall.org('council')), (SELECT wall.org('rights')), (SELECT wall.org('partner'))));
CREATE POLICY own ON relation FOR SELECT TO @council@, @rights@, @partner@ USING (
    person_id = coalesce((SELECT wall.person('council')), (SELECT wall.person('rights')), (SELECT wall.person('partner'))));
GRANT SELECT ON disclosure, relation TO @council@, @rights@, @partner@;

-- The journal: added to by everybody under their own name, changed by nobody.
CREATE POLICY adds ON journal_entry FOR INSERT TO @council@, @rights@, @partner@, @office@ WITH CHECK (
    person_id = coalesce((SELECT wall.person('council')), (SELECT wall.person('rights')),
                         (SELECT wall.person('partner')), (SELECT wall.person('office'))));
CREATE POLICY adds_at_the_door ON journal_entry FOR INSERT TO @signin@ WITH CHECK (true);
CREATE POLICY adds ON journal_subject FOR INSERT TO @council@, @rights@, @partner@ WITH CHECK (true);
CREATE POLICY rights_reads ON journal_entry FOR SELECT TO @rights@ USING (
    organisation_id = (SELECT wall.org('rights'))
    OR EXISTS (SELECT 1 FROM journal_subject s WHERE s.entry_id = journal_entry.id));
CREATE POLICY rights_reads ON journal_subject FOR SELECT TO @rights@
    USING (EXISTS (SELECT 1 FROM resident r WHERE r.id = journal_subject.resident_id));
CREATE POLICY office_reads ON journal_entry FOR SELECT TO @office@ USING (organisation_id = (SELECT wall.org('office')));
GRANT INSERT ON journal_entry TO @council@, @rights@, @partner@, @office@, @signin@;
GRANT INSERT ON journal_subject TO @council@, @rights@, @partner@;
GRANT SELECT ON journal_entry, journal_subject TO @rights@;
GRANT SELECT ON journal_entry TO @office@;

-- What was sent once: each person's own keys.
CREATE POLICY own ON idempotency TO @council@, @rights@, @partner@, @office@ USING (
    person_id = coalesce((SELECT wall.person('council')), (SELECT wall.person('rights')),
                         (SELECT wall.person('partner')), (SELECT wall.person('office'))));
GRANT SELECT, INSERT ON idempotency TO @council@, @rights@, @partner@, @office@;

-- What somebody looked for, for a quarter of an hour: their own sign-in alone.
CREATE POLICY own ON find_question TO @council@, @rights@ USING (sign_in_id = (SELECT (wall.speaker()).sign_in_id));
GRANT SELECT, INSERT, DELETE ON find_question TO @council@, @rights@;

-- Staff: colleagues by name; a partner, and the office of an organisation, see their own. Passwords and sign-ins belong to
-- the door alone.
CREATE POLICY sees ON hat FOR SELECT TO @council@, @rights@, @signin@ USING (true);
CREATE POLICY partner_sees ON hat FOR SELECT TO @partner@ USING (
    organisation_id = (SELECT wall.org('partner')) OR person_id = (SELECT wall.person('partner')));
CREATE POLICY office_sees ON hat FOR SELECT TO @office@ USING (
    organisation_id = (SELECT wall.org('office')) OR person_id = (SELECT wall.person('office'))
    OR organisation_id = ANY ((SELECT wall.staffing('office'))::uuid[]));
CREATE POLICY sees ON person FOR SELECT TO @council@, @rights@, @signin@ USING (true);
CREATE POLICY partner_sees ON person FOR SELECT TO @partner@ USING (
    EXISTS (SELECT 1 FROM hat h WHERE h.person_id = person.id));
CREATE POLICY office_sees ON person FOR SELECT TO @office@ USING (
    (SELECT (wall.speaker()).role = 'administrator') OR EXISTS (SELECT 1 FROM hat h WHERE h.person_id = person.id));
-- Whoever looks after people's hats looks after nobody's but others': nobody gives themselves a hat, or takes their own
-- record out of what they may not see. Who wears a hat elsewhere is for an administrator.
CREATE POLICY office_adds ON person FOR INSERT TO @office@ WITH CHECK (
    cardinality((SELECT wall.staffing('office'))) > 0 AND id <> (SELECT wall.person('office')));
CREATE POLICY office_gives ON hat FOR INSERT TO @office@ WITH CHECK (
    organisation_id = ANY ((SELECT wall.staffing('office'))::uuid[]) AND person_id <> (SELECT wall.person('office')));
CREATE POLICY office_ends ON hat FOR UPDATE TO @office@ USING (
    organisation_id = ANY ((SELECT wall.staffing('office'))::uuid[]) AND person_id <> (SELECT wall.person('office')));
CREATE POLICY office_ends ON person FOR UPDATE TO @office@ USING (wall.looks_after(id)) WITH CHECK (wall.looks_after(id));
CREATE POLICY office_adds ON sign_in_word FOR INSERT TO @office@ WITH CHECK (wall.looks_after(person_id));
GRANT SELECT ON person, hat TO @council@, @rights@, @office@, @partner@, @signin@;
GRANT INSERT ON person, hat, sign_in_word TO @office@;
GRANT UPDATE (name, email, ended_at) ON person TO @office@;
GRANT UPDATE (valid_until) ON hat TO @office@;
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['credential', 'sign_in', 'sign_in_failure', 'sign_in_word'] LOOP
        EXECUTE format('CREATE POLICY door ON %I TO @signin@ USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON credential, sign_in TO @signin@;
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_failure TO @signin@;
GRANT SELECT, UPDATE (used_at) ON sign_in_word TO @signin@;
GRANT SELECT ON alembic_version TO @signin@;
-- The commands of the installation work as the owner: people and hats, never a resident.
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['person', 'hat', 'credential', 'sign_in', 'sign_in_failure', 'sign_in_word'] LOOP
        EXECUTE format('CREATE POLICY owner_all ON %I TO @owner@ USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
-- What they did to people is journalled as anybody's is, under nobody's name.
CREATE POLICY adds_as_owner ON journal_entry FOR INSERT TO @owner@ WITH CHECK (person_id IS NULL);
