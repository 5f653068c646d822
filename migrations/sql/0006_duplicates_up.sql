-- A pair of records is seen through both of them, and stands in one council's queue alone.
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['duplicate_pair', 'duplicate_answer', 'match_due', 'resident_merge'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer_all ON %I TO @definer@ USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
CREATE POLICY queue ON duplicate_pair TO @council@
    USING (council_id = (SELECT wall.org('council'))
       AND EXISTS (SELECT 1 FROM resident r WHERE r.id = duplicate_pair.first_id)
       AND EXISTS (SELECT 1 FROM resident r WHERE r.id = duplicate_pair.second_id));
CREATE POLICY sees ON duplicate_answer FOR SELECT TO @council@
    USING (EXISTS (SELECT 1 FROM resident r WHERE r.id = duplicate_answer.first_id)
       AND EXISTS (SELECT 1 FROM resident r WHERE r.id = duplicate_answer.second_id));
CREATE POLICY answers ON duplicate_answer FOR INSERT TO @council@
    WITH CHECK (council_id = (SELECT wall.org('council'))
       AND EXISTS (SELECT 1 FROM resident r WHERE r.id = duplicate_answer.first_id)
       AND EXISTS (SELECT 1 FROM resident r WHERE r.id = duplicate_answer.second_id));
-- Who may see both may see that they were joined; the database's own functions join and part.
CREATE POLICY sees ON resident_merge FOR SELECT TO @council@, @rights@
    USING (EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_merge.survivor_id)
       AND EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_merge.other_id));
CREATE POLICY writes ON resident_merge FOR INSERT TO @council@
    WITH CHECK (council_id = (SELECT wall.org('council')) AND undone_at IS NULL AND raised = '{}'
       AND EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_merge.survivor_id)
       AND EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_merge.other_id));
GRANT INSERT ON resident_merge TO @council@;
GRANT UPDATE (raised, undone_at, undone_by) ON resident_merge TO @definer@;
GRANT UPDATE (merged_into, merged_at, joined, protected) ON resident TO @definer@;
GRANT INSERT, DELETE ON relation TO @definer@;
GRANT SELECT ON resident_merge TO @definer@;
GRANT SELECT ON duplicate_pair, duplicate_answer, resident_merge TO @council@, @rights@, @partner@, @office@;
GRANT INSERT, DELETE ON duplicate_pair TO @council@;
GRANT UPDATE (bits, verdict, model, found_at) ON duplicate_pair TO @council@;
GRANT INSERT ON duplicate_answer TO @council@;
GRANT SELECT, INSERT, UPDATE, DELETE ON match_due TO @definer@;
GRANT SELECT, UPDATE (first_id) ON duplicate_pair TO @definer@;
GRANT SELECT ON duplicate_answer TO @definer@;

-- ------------------------------------------------------------------ what has yet to be compared
-- A record is compared for its home council, and for the others once it is shared with them.
CREATE FUNCTION wall.due_for(r public.resident) RETURNS SETOF uuid LANGUAGE sql STABLE SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT c.id FROM public.organisation c
     WHERE c.kind = 'council' AND (c.id IN ((r).home_id, (r).next_home_id) OR (r).shared);
END;

CREATE FUNCTION wall.mark_new() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO public.match_due (resident_id, council_id, since)
        SELECT r.id, c, now() FROM made r, wall.due_for(r::public.resident) c;
    RETURN NULL;
END $$;
CREATE TRIGGER resident_is_due_when_new AFTER INSERT ON resident REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION wall.mark_new();

CREATE FUNCTION wall.mark_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM public.match_due WHERE resident_id = NEW.id;
    INSERT INTO public.match_due (resident_id, council_id, since)
        SELECT NEW.id, c, now() FROM wall.due_for(NEW) c;
    RETURN NULL;
END $$;
CREATE TRIGGER resident_is_due_when_changed
    AFTER UPDATE OF version, home_id, next_home_id, shared, objected_to, protected, restricted, merged_into ON resident
    FOR EACH ROW EXECUTE FUNCTION wall.mark_changed();

-- ------------------------------------------------------------------ the rule that compares
-- The matching rule of a council: a sign-in of its own for some minutes, under a team leader's hat that no person wears.
CREATE FUNCTION wall.wear_matching_rule(council uuid, hash text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE named text := 'rule:matching:' || council; whose uuid; worn uuid;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.organisation WHERE id = council AND kind = 'council') THEN
        RAISE EXCEPTION 'no council' USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO public.person (id, username, name) VALUES (gen_random_uuid(), named, 'The matching rule')
        ON CONFLICT (username) DO NOTHING;
    SELECT id INTO whose FROM public.person WHERE username = named;
    SELECT id INTO worn FROM public.hat WHERE person_id = whose;
    IF worn IS NULL THEN
        worn := gen_random_uuid();
        INSERT INTO public.hat (id, person_id, organisation_id, role, valid_from)
        VALUES (worn, whose, council, 'team_leader', wall.today());
    END IF;
    DELETE FROM public.sign_in WHERE person_id = whose AND expires_at < now();
    INSERT INTO public.sign_in (id, secret_hash, person_id, hat_id, kind, created_at, seen_at, idle_minutes, expires_at)
    VALUES (gen_random_uuid(), hash, whose, worn, 'job', now(), now(), 30, now() + interval '30 minutes');
END $$;

-- The records that are due, the longest waiting first. The worker learns their keys and nothing else of them.
CREATE FUNCTION wall.due_for_matching(council uuid, most integer) RETURNS TABLE (resident_id uuid, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC
    SELECT d.resident_id, d.since FROM public.match_due d WHERE d.council_id = council
     ORDER BY d.since, d.resident_id LIMIT most;
END;

-- What was changed again while it was compared stays due.
CREATE FUNCTION wall.matched(council uuid, resident uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC
    DELETE FROM public.match_due WHERE council_id = council AND resident_id = resident AND since = at;
END;

-- Every night everything is due once more.
CREATE FUNCTION wall.match_everything() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE marked bigint;
BEGIN
    INSERT INTO public.match_due (resident_id, council_id, since)
        SELECT r.id, c, now() FROM public.resident r, wall.due_for(r) c ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS marked = ROW_COUNT;
    RETURN marked;
END $$;

-- ------------------------------------------------------------------ joining and parting
CREATE FUNCTION wall.home_of(r public.resident) RETURNS uuid LANGUAGE sql STABLE SET search_path = pg_catalog
    RETURN CASE WHEN (r).home_until <= wall.today() THEN (r).next_home_id ELSE (r).home_id END;

-- Joins two records of one person: the other leads to the survivor from now on, and what decides on sight is for both the
-- strictest of the two. Of residents of the speaker's council; of another's where both councils said that it is one person.
CREATE FUNCTION wall.join_records(joining uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker(); m public.resident_merge; kept public.resident; gone public.resident;
    records uuid[]; raised_now uuid[];
BEGIN
    SELECT * INTO m FROM public.resident_merge WHERE id = joining AND undone_at IS NULL AND at = now();
    PERFORM 1 FROM public.resident WHERE id IN (m.survivor_id, m.other_id) ORDER BY id FOR UPDATE;
    SELECT * INTO kept FROM public.resident WHERE id = m.survivor_id;
    SELECT * INTO gone FROM public.resident WHERE id = m.other_id;
    IF m.id IS NULL OR who.audience IS DISTINCT FROM 'council' OR who.role <> 'team_leader' OR m.hat_id <> who.hat_id
       OR kept.merged_into IS NOT NULL OR gone.merged_into IS NOT NULL OR gone.joined OR kept.restricted OR gone.restricted
       OR wall.home_of(kept) IS DISTINCT FROM who.organisation_id
       OR EXISTS (SELECT 1 FROM public.relation WHERE person_id = who.person_id AND resident_id IN (kept.id, gone.id))
       OR NOT coalesce(wall.home_of(gone) = who.organisation_id OR (kept.shared AND gone.shared
              AND NOT who.organisation_id = ANY (gone.objected_to) AND NOT wall.home_of(gone) = ANY (kept.objected_to)
              AND (SELECT a.answer FROM public.duplicate_answer a
                    WHERE a.first_id = least(kept.id, gone.id) AND a.second_id = greatest(kept.id, gone.id)
                      AND a.council_id = wall.home_of(gone) ORDER BY a.at DESC, a.id DESC LIMIT 1) = 'same'), false) THEN
        RAISE EXCEPTION 'nothing to join' USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE public.resident SET merged_into = kept.id, merged_at = now() WHERE id = gone.id;
    UPDATE public.resident SET joined = true WHERE id = kept.id;
    records := wall.of_one_person(kept.id);
    IF kept.protected OR gone.protected THEN
        raised_now := ARRAY(SELECT id FROM public.resident WHERE id = ANY (records) AND NOT protected ORDER BY id);
        UPDATE public.resident SET protected = true WHERE id = ANY (raised_now);
        UPDATE public.resident_merge SET raised = raised_now WHERE id = joining;
    END IF;
    PERFORM wall.settle_sharing(kept.id);
    PERFORM wall.settle_objections(kept.id);
    INSERT INTO public.relation (person_id, resident_id, merge_id)
        SELECT DISTINCT l.person_id, one, joining FROM public.relation l, unnest(records) one
         WHERE l.resident_id = ANY (records) ON CONFLICT DO NOTHING;
END $$;

-- Parts them again: each has what is its own, and what happened since stays with the record on which it happened.
CREATE FUNCTION wall.part_records(joined_by uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker(); m public.resident_merge; kept public.resident; gone public.resident;
BEGIN
    SELECT * INTO m FROM public.resident_merge WHERE id = joined_by AND undone_at IS NULL FOR UPDATE;
    PERFORM 1 FROM public.resident WHERE id IN (m.survivor_id, m.other_id) ORDER BY id FOR UPDATE;
    SELECT * INTO kept FROM public.resident WHERE id = m.survivor_id;
    SELECT * INTO gone FROM public.resident WHERE id = m.other_id;
    IF m.id IS NULL OR who.audience IS DISTINCT FROM 'council' OR who.role <> 'team_leader'
       OR gone.merged_into IS DISTINCT FROM kept.id OR kept.restricted OR gone.restricted
       OR wall.home_of(kept) IS DISTINCT FROM who.organisation_id
       OR EXISTS (SELECT 1 FROM public.relation WHERE person_id = who.person_id AND resident_id IN (kept.id, gone.id)) THEN
        RAISE EXCEPTION 'nothing to part' USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE public.resident SET merged_into = NULL, merged_at = NULL WHERE id = gone.id;
    UPDATE public.resident SET joined = EXISTS (SELECT 1 FROM public.resident o WHERE o.merged_into = kept.id) WHERE id = kept.id;
    UPDATE public.resident SET protected = false WHERE id = ANY (m.raised);
    DELETE FROM public.relation WHERE merge_id = joined_by;
    UPDATE public.resident_merge SET undone_at = now(), undone_by = who.hat_id WHERE id = joined_by;
    PERFORM wall.settle_sharing(kept.id);
    PERFORM wall.settle_sharing(gone.id);
    PERFORM wall.settle_objections(kept.id);
    PERFORM wall.settle_objections(gone.id);
END $$;

GRANT CREATE ON SCHEMA wall TO @definer@;
DO $$ DECLARE f regprocedure; BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'wall'::regnamespace AND p.proname IN (
        'due_for', 'mark_new', 'mark_changed', 'wear_matching_rule', 'due_for_matching', 'matched', 'match_everything', 'home_of',
        'join_records', 'part_records') LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO @definer@', f);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
GRANT EXECUTE ON FUNCTION wall.wear_matching_rule(uuid, text), wall.due_for_matching(uuid, integer),
    wall.matched(uuid, uuid, timestamptz), wall.match_everything() TO @job@;
GRANT EXECUTE ON FUNCTION wall.due_for(public.resident), wall.home_of(public.resident) TO @definer@;
GRANT EXECUTE ON FUNCTION wall.join_records(uuid), wall.part_records(uuid) TO @council@;
GRANT INSERT ON person, hat TO @definer@;
GRANT INSERT, DELETE ON sign_in TO @definer@;
-- What is there already has yet to be compared.
SELECT wall.match_everything();
