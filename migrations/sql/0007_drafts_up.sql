-- Drafts of the policy: no resident is in them. Whoever runs the partnership writes them, and reads them; those who answer
-- for rights read along. A step once taken stays.
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['policy_draft', 'policy_draft_step'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer_all ON %I TO @definer@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY office_all ON %I TO @office@ USING ((SELECT wall.org(''office'')) IS NOT NULL)', t);
        EXECUTE format('CREATE POLICY rights_see ON %I FOR SELECT TO @rights@ USING ((SELECT wall.org(''rights'')) IS NOT NULL)', t);
    END LOOP;
END $$;
GRANT SELECT ON policy_draft, policy_draft_step TO @definer@, @office@, @rights@;
GRANT INSERT, UPDATE ON policy_draft TO @office@;
GRANT INSERT ON policy_draft_step TO @office@;
GRANT UPDATE (state, number, version) ON policy_draft TO @definer@;
GRANT INSERT ON policy_draft_step, policy_version TO @definer@;
-- To lock a table takes a right to change it, which the trigger on its rows then forbids.
GRANT SELECT, UPDATE ON policy_version TO @definer@;

-- Whoever approved a draft since it was last edited or returned, and neither began nor ever edited it.
CREATE FUNCTION wall.approvals(draft uuid) RETURNS TABLE (person_id uuid, organisation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT s.person_id, s.organisation_id
      FROM public.policy_draft d JOIN public.policy_draft_step s ON s.draft_id = d.id
     WHERE d.id = draft AND s.act = 'approved' AND s.fingerprint = d.fingerprint
       AND s.at > coalesce((SELECT max(r.at) FROM public.policy_draft_step r WHERE r.draft_id = d.id
                               AND r.act IN ('edited', 'brought-up-to-date', 'returned')), '-infinity')
       AND NOT EXISTS (SELECT FROM public.policy_draft_step e WHERE e.draft_id = d.id AND e.person_id = s.person_id
                           AND e.act IN ('begun', 'edited', 'brought-up-to-date'))
$$;

-- Makes a draft the next version: approved by somebody of each council that it affects or, to take sight away at once, by
-- nobody and for three days. The number of the version.
CREATE FUNCTION wall.publish_draft(draft uuid, at_once boolean) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker(); d public.policy_draft; next_number integer; live integer;
    wanted text := CASE WHEN at_once THEN 'open' ELSE 'submitted' END;
BEGIN
    -- One publication at a time: the next finds that the draft's base is live no longer.
    LOCK TABLE public.policy_version IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO d FROM public.policy_draft WHERE id = draft FOR UPDATE;
    SELECT l.number INTO live FROM wall.live_policy() l;
    IF who.role IS DISTINCT FROM 'administrator' OR d.id IS NULL OR d.fingerprint IS NULL
       OR d.base IS DISTINCT FROM live AND d.number IS DISTINCT FROM live
       OR d.state <> wanted OR cardinality(d.councils) = 0 THEN
        RAISE EXCEPTION 'this draft cannot be published' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    -- A higher number would pass over what waits for its time.
    IF NOT at_once AND EXISTS (SELECT FROM public.policy_version v WHERE v.live_from > now()) THEN
        RAISE EXCEPTION 'another version waits for its time' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    IF NOT at_once AND EXISTS (SELECT FROM unnest(d.councils) AS c (id)
                                WHERE c.id NOT IN (SELECT a.organisation_id FROM wall.approvals(draft) a)) THEN
        RAISE EXCEPTION 'an approval is missing' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    SELECT max(v.number) + 1 INTO next_number FROM public.policy_version v;
    INSERT INTO public.policy_version (number, fingerprint, content, published_at, live_from, live_until, reason)
    VALUES (next_number, d.fingerprint, d.content, now(),
            CASE WHEN at_once THEN now() ELSE greatest(d.live_from, now()) END,
            CASE WHEN at_once THEN now() + interval '72 hours' END, d.title || ': ' || d.reason);
    INSERT INTO public.policy_draft_step (id, draft_id, at, person_id, organisation_id, act, fingerprint, words)
    VALUES (gen_random_uuid(), draft, now(), who.person_id, who.organisation_id,
            CASE WHEN at_once THEN 'tightened' ELSE 'published' END, d.fingerprint, NULL);
    -- What was tightened at once waits as submitted for those who ratify it.
    UPDATE public.policy_draft SET number = next_number, version = version + 1,
           state = CASE WHEN at_once THEN 'submitted' ELSE 'published' END WHERE id = draft;
    RETURN next_number;
END $$;

GRANT CREATE ON SCHEMA wall TO @definer@;
ALTER FUNCTION wall.approvals(uuid) OWNER TO @definer@;
ALTER FUNCTION wall.publish_draft(uuid, boolean) OWNER TO @definer@;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
REVOKE ALL ON FUNCTION wall.approvals(uuid), wall.publish_draft(uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.approvals(uuid) TO @definer@, @office@;
GRANT EXECUTE ON FUNCTION wall.publish_draft(uuid, boolean) TO @office@;
