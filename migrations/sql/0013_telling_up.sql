-- What a joining and a parting did to protection is told to who asked for them, for the journal; a withdrawal by moving out is
-- written by who wrote down the move; and new weights weigh the queues anew.
-- A move that was told beforehand has taken place: the record is the new home's to keep, and moving out of the partnership
-- ends what was agreed to (R14), as written down by the hat that wrote down the address. Until this is done the columns of the
-- move say the same to everybody but the keeper.
CREATE OR REPLACE FUNCTION wall.settle_moves() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE moved public.resident; settled integer := 0;
BEGIN
    FOR moved IN SELECT * FROM public.resident WHERE home_until <= wall.today() ORDER BY id FOR UPDATE SKIP LOCKED LOOP
        IF moved.next_home_id IS NULL THEN
            INSERT INTO public.choice (id, resident_id, matter, answer, wording_version, channel, at, hat_id)
                SELECT gen_random_uuid(), moved.id, matter, 'withdrawn', wording_version, channel, clock_timestamp(), coalesce(
                       (SELECT c.hat_id FROM public.resident_change c WHERE c.resident_id = moved.id AND c.grp = 'address'
                         ORDER BY c.version DESC, c.at DESC LIMIT 1), hat_id)
                  FROM (SELECT DISTINCT ON (matter) * FROM public.choice WHERE resident_id = moved.id
                         ORDER BY matter, at DESC, id DESC) latest
                 WHERE answer = 'given';
        END IF;
        UPDATE public.resident SET home_id = moved.next_home_id, home_until = NULL, next_home_id = NULL,
               keeper_id = coalesce(moved.next_home_id, moved.home_id, keeper_id) WHERE id = moved.id;
        settled := settled + 1;
    END LOOP;
    RETURN settled;
END $$;

DROP FUNCTION wall.join_records(uuid), wall.part_records(uuid);

-- Joins two records of one person: the other leads to the survivor from now on, and what decides on sight is for both the
-- strictest of the two. Of residents of the speaker's council; of another's where both councils said that it is one person.
-- Returns the records that are protected by it.
CREATE FUNCTION wall.join_records(joining uuid) RETURNS uuid[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker(); m public.resident_merge; kept public.resident; gone public.resident;
    records uuid[]; raised_now uuid[] := '{}';
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
    RETURN raised_now;
END $$;

-- Parts them again: each has what is its own, and what happened since stays with the record on which it happened. Who stays
-- joined to a record that is protected of itself stays protected. Returns the records whose protection ends with it.
CREATE FUNCTION wall.part_records(joined_by uuid) RETURNS uuid[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker(); m public.resident_merge; kept public.resident; gone public.resident;
    records uuid[]; themselves uuid[]; still uuid[]; lowered uuid[];
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
    records := wall.of_one_person(kept.id);
    themselves := ARRAY(SELECT r.id FROM public.resident r WHERE r.id = ANY (records) AND r.protected AND NOT EXISTS (
        SELECT 1 FROM public.resident_merge s WHERE s.survivor_id = kept.id AND s.undone_at IS NULL AND r.id = ANY (s.raised)));
    UPDATE public.resident SET merged_into = NULL, merged_at = NULL WHERE id = gone.id;
    UPDATE public.resident SET joined = EXISTS (SELECT 1 FROM public.resident o WHERE o.merged_into = kept.id) WHERE id = kept.id;
    DELETE FROM public.relation WHERE merge_id = joined_by;
    UPDATE public.resident_merge SET undone_at = now(), undone_by = who.hat_id WHERE id = joined_by;
    still := wall.of_one_person(kept.id);
    lowered := ARRAY(SELECT r.id FROM public.resident r WHERE r.id = ANY (records) AND r.protected AND NOT r.id = ANY (themselves)
                        AND NOT (r.id = ANY (still) AND still && themselves) ORDER BY r.id);
    UPDATE public.resident SET protected = false WHERE id = ANY (lowered);
    UPDATE public.resident_merge SET raised = ARRAY(
               SELECT r.id FROM public.resident r WHERE r.id = ANY (still) AND r.protected AND NOT r.id = ANY (themselves) ORDER BY r.id)
     WHERE survivor_id = kept.id AND undone_at IS NULL;
    PERFORM wall.settle_sharing(kept.id);
    PERFORM wall.settle_sharing(gone.id);
    PERFORM wall.settle_objections(kept.id);
    PERFORM wall.settle_objections(gone.id);
    RETURN lowered;
END $$;

-- With new weights every pair of a queue is weighed anew; one that is being compared just now once more.
CREATE FUNCTION wall.match_queues() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE marked bigint;
BEGIN
    INSERT INTO public.match_due (resident_id, council_id, since)
        SELECT DISTINCT p.first_id, p.council_id, now() FROM public.duplicate_pair p
        ON CONFLICT (resident_id, council_id) DO UPDATE SET since = excluded.since;
    GET DIAGNOSTICS marked = ROW_COUNT;
    RETURN marked;
END $$;

GRANT CREATE ON SCHEMA wall TO @definer@;
ALTER FUNCTION wall.match_queues() OWNER TO @definer@;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
REVOKE ALL ON FUNCTION wall.match_queues() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.match_queues() TO @owner@;
