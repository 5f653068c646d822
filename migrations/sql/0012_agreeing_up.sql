-- What a council withholds of its own residents: lines of one sheet of a draft, each of which begins with its council. They are
-- compared here as text, so that no page and no process can say otherwise.
-- A line that is written anew counts as gone and come. Python ends a line at each of these signs, and so does this.
CREATE FUNCTION wall.narrowing_lines(content jsonb) RETURNS TABLE (line text, council text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT DISTINCT btrim(l), btrim(split_part(l, ',', 1), ' "')
      FROM regexp_split_to_table(coalesce(content ->> 'narrowings.csv', ''), '[\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029]+') AS l
     WHERE btrim(l) <> '' AND l NOT LIKE '#%' AND btrim(l) <> 'council,groups,organisations,roles,reason,owner,review'
$$;

-- The councils whose lines a draft changes, and whether one of theirs goes; null for what is no council.
CREATE FUNCTION wall.narrowed_by(draft uuid) RETURNS TABLE (council_id uuid, frees boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH d AS (SELECT f.content, v.content AS base FROM public.policy_draft f JOIN public.policy_version v ON v.number = f.base
                WHERE f.id = draft),
    old AS (SELECT l.line, l.council FROM d, wall.narrowing_lines(d.base) l),
    new AS (SELECT l.line, l.council FROM d, wall.narrowing_lines(d.content) l),
    changed AS (SELECT o.council, true AS gone FROM old o WHERE o.line NOT IN (SELECT n.line FROM new n)
                UNION ALL SELECT n.council, false FROM new n WHERE n.line NOT IN (SELECT o.line FROM old o))
    SELECT o.id, bool_or(c.gone) FROM changed c LEFT JOIN public.organisation o ON o.slug = c.council AND o.kind = 'council'
     GROUP BY o.id
$$;

-- The council of a draft that does nothing but add lines of that one council, written by nobody but its own people.
CREATE FUNCTION wall.narrows_alone(draft uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT n.council_id FROM wall.narrowed_by(draft) n
      JOIN public.policy_draft d ON d.id = draft JOIN public.policy_version v ON v.number = d.base
     WHERE NOT n.frees AND (SELECT count(*) FROM wall.narrowed_by(draft)) = 1
       AND d.content - 'narrowings.csv' = v.content - 'narrowings.csv'
       AND NOT EXISTS (SELECT FROM public.policy_draft_step s WHERE s.draft_id = draft AND s.organisation_id <> n.council_id
                          AND s.act IN ('begun', 'edited', 'brought-up-to-date'))
$$;

-- The councils whose information officer agreed to a draft as it stands, and wrote no part of it.
CREATE FUNCTION wall.agreements(draft uuid) RETURNS TABLE (person_id uuid, organisation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT s.person_id, s.organisation_id
      FROM public.policy_draft d JOIN public.policy_draft_step s ON s.draft_id = d.id
     WHERE d.id = draft AND s.act = 'agreed' AND s.fingerprint = d.fingerprint
       AND s.at > coalesce((SELECT max(r.at) FROM public.policy_draft_step r WHERE r.draft_id = d.id
                               AND r.act IN ('edited', 'brought-up-to-date', 'returned')), '-infinity')
       AND NOT EXISTS (SELECT FROM public.policy_draft_step e WHERE e.draft_id = d.id AND e.person_id = s.person_id
                           AND e.act IN ('begun', 'edited', 'brought-up-to-date'))
$$;

-- As before; and where a draft can only take away, from others, of one council's own residents, its officer's word is enough.
CREATE OR REPLACE FUNCTION wall.approvals(draft uuid) RETURNS TABLE (person_id uuid, organisation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT s.person_id, s.organisation_id
      FROM public.policy_draft d JOIN public.policy_draft_step s ON s.draft_id = d.id
     WHERE d.id = draft AND s.act = 'approved' AND s.fingerprint = d.fingerprint
       AND s.at > coalesce((SELECT max(r.at) FROM public.policy_draft_step r WHERE r.draft_id = d.id
                               AND r.act IN ('edited', 'brought-up-to-date', 'returned')), '-infinity')
       AND NOT EXISTS (SELECT FROM public.policy_draft_step e WHERE e.draft_id = d.id AND e.person_id = s.person_id
                           AND e.act IN ('begun', 'edited', 'brought-up-to-date'))
    UNION
    SELECT a.person_id, a.organisation_id FROM wall.agreements(draft) a WHERE a.organisation_id = wall.narrows_alone(draft)
$$;

-- An information officer's answer about what the own council would withhold: agreed to or, with a reason, returned.
CREATE FUNCTION wall.answer_narrowing(draft uuid, seen integer, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker(); d public.policy_draft;
BEGIN
    SELECT * INTO d FROM public.policy_draft WHERE id = draft FOR UPDATE;
    IF who.role IS DISTINCT FROM 'information_officer' OR d.id IS NULL OR d.state <> 'submitted' OR d.version <> seen
       OR NOT EXISTS (SELECT FROM wall.narrowed_by(draft) n WHERE n.council_id = who.organisation_id)
       OR why IS NOT NULL AND d.number IS NOT NULL
       OR EXISTS (SELECT FROM public.policy_draft_step e WHERE e.draft_id = draft AND e.person_id = who.person_id
                     AND e.act IN ('begun', 'edited', 'brought-up-to-date')) THEN
        RAISE EXCEPTION 'this is not theirs to answer' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    INSERT INTO public.policy_draft_step (id, draft_id, at, person_id, organisation_id, act, fingerprint, words)
    VALUES (gen_random_uuid(), draft, now(), who.person_id, who.organisation_id,
            CASE WHEN why IS NULL THEN 'agreed' ELSE 'returned' END, d.fingerprint, why);
    IF why IS NOT NULL THEN
        UPDATE public.policy_draft SET state = 'open', returned_by = who.person_id, version = version + 1 WHERE id = draft;
    END IF;
END $$;

-- Nothing becomes the policy that changes what a council withholds without its own officer's word; nor, where a line of it goes,
-- without every council's approval. At once only one's own council withholds more.
CREATE FUNCTION wall.heed_narrowing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.act = 'tightened' AND EXISTS (
           SELECT FROM wall.narrowed_by(NEW.draft_id) n WHERE n.frees OR n.council_id IS DISTINCT FROM NEW.organisation_id)
       OR NEW.act = 'published' AND EXISTS (
           SELECT FROM wall.narrowed_by(NEW.draft_id) n
            WHERE n.council_id IS NULL OR n.council_id NOT IN (SELECT a.organisation_id FROM wall.agreements(NEW.draft_id) a))
       OR NEW.act = 'published' AND EXISTS (SELECT FROM wall.narrowed_by(NEW.draft_id) n WHERE n.frees) AND EXISTS (
           SELECT FROM public.organisation o WHERE o.kind = 'council'
              AND o.id NOT IN (SELECT a.organisation_id FROM wall.approvals(NEW.draft_id) a)) THEN
        RAISE EXCEPTION 'what a council withholds of its own residents is its own officer''s to agree to'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    RETURN NEW;
END $$;

-- Nobody writes down another's word: it comes through the function above alone.
CREATE POLICY only_answered ON policy_draft_step AS RESTRICTIVE FOR INSERT TO @office@ WITH CHECK (act <> 'agreed');
GRANT UPDATE (returned_by) ON policy_draft TO @definer@;
GRANT CREATE ON SCHEMA wall TO @definer@;
DO $$ DECLARE f text; BEGIN
    FOREACH f IN ARRAY ARRAY['narrowing_lines(jsonb)', 'narrowed_by(uuid)', 'narrows_alone(uuid)', 'agreements(uuid)',
        'answer_narrowing(uuid, integer, text)', 'heed_narrowing()'] LOOP
        EXECUTE format('ALTER FUNCTION wall.%s OWNER TO @definer@', f);
        EXECUTE format('REVOKE ALL ON FUNCTION wall.%s FROM PUBLIC', f);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
GRANT EXECUTE ON FUNCTION wall.narrowed_by(uuid), wall.narrows_alone(uuid), wall.agreements(uuid) TO @office@, @rights@;
GRANT EXECUTE ON FUNCTION wall.answer_narrowing(uuid, integer, text) TO @rights@;
CREATE TRIGGER heeds_narrowing BEFORE INSERT ON policy_draft_step FOR EACH ROW
    WHEN (NEW.act IN ('tightened', 'published')) EXECUTE FUNCTION wall.heed_narrowing();
DROP TRIGGER heeds_impact ON policy_draft_step;
CREATE TRIGGER heeds_impact BEFORE INSERT ON policy_draft_step FOR EACH ROW
    WHEN (NEW.act IN ('submitted', 'approved', 'agreed', 'published')) EXECUTE FUNCTION wall.heed_impact();
