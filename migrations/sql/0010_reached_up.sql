-- How many each hat reaches under the live policy. The classes are those of 0009, counted for one job; what is kept holds no number
-- under five, and none from which one could be worked out.
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['reach_count', 'reach_figure'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer_all ON %I TO @definer@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY office_sees ON %I FOR SELECT TO @office@ USING ((SELECT wall.org(''office'')) IS NOT NULL)', t);
        EXECUTE format('CREATE POLICY rights_see ON %I FOR SELECT TO @rights@ USING ((SELECT wall.org(''rights'')) IS NOT NULL)', t);
    END LOOP;
END $$;
GRANT SELECT ON reach_count, reach_figure TO @definer@, @office@, @rights@;
GRANT INSERT, UPDATE ON reach_count TO @definer@;
GRANT INSERT, DELETE ON reach_figure TO @definer@;

-- Whether the live policy was counted today, or somebody is at it.
CREATE FUNCTION wall.reach_is_counted() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM public.reach_count c, wall.live_policy() l WHERE c.version = l.number AND c.day = wall.today()
                      AND (c.state = 'done' OR c.state = 'working' AND c.seen_at > now() - interval '2 minutes'))
$$;

-- Puts a counting down, under a sign-in of its own for this person and hat: it ends with the work, with the hat, and after some
-- hours at the latest. Whatever was begun before and never ended is left.
CREATE FUNCTION wall.lend_reach_count(counting uuid, hash text, made_of text, person uuid, hat uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE lent uuid := gen_random_uuid();
BEGIN
    UPDATE public.sign_in SET revoked_at = now() FROM public.reach_count c
     WHERE c.state = 'working' AND sign_in.id = c.job_id AND sign_in.revoked_at IS NULL;
    UPDATE public.reach_count SET state = 'left' WHERE state = 'working';
    INSERT INTO public.sign_in (id, secret_hash, person_id, hat_id, kind, created_at, seen_at, idle_minutes, expires_at)
    VALUES (lent, hash, person, hat, 'job', now(), now(), 240, now() + interval '4 hours');
    INSERT INTO public.reach_count (id, version, day, state, position, total, asked_at, seen_at, there_are, job_id, nonce)
    SELECT counting, l.number, wall.today(), 'working', 0, 0, now(), now(), '{}', lent, made_of FROM wall.live_policy() l;
END $$;

-- Somebody who runs the partnership has it counted: once a day for each version, so that no two countings tell what one person said
-- in between.
CREATE FUNCTION wall.begin_reach_count(counting uuid, hash text, made_of text, queued boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, jobs AS $$
DECLARE who wall.speaker := wall.speaker();
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('reach_count'));
    IF who.role IS DISTINCT FROM 'administrator' OR wall.reach_is_counted() THEN
        RAISE EXCEPTION 'nothing is to be counted' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM wall.lend_reach_count(counting, hash, made_of, who.person_id, who.hat_id);
    IF queued THEN
        INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, queueing_lock, args)
        VALUES ('default', 'drafts.count', 'drafts.count.' || counting, jsonb_build_object('counting_key', counting, 'nonce', made_of))
        ON CONFLICT DO NOTHING;
    END IF;
END $$;

-- The same again, every day and for every version that comes to be live, for whoever asked for it last, while that hat is worn.
-- Nothing is begun for the same day more than five times.
CREATE FUNCTION wall.repeat_reach_count(counting uuid, hash text, made_of text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE asker record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('reach_count'));
    SELECT s.person_id, s.hat_id INTO asker FROM public.reach_count c JOIN public.sign_in s ON s.id = c.job_id
      JOIN public.hat h ON h.id = s.hat_id AND h.role = 'administrator' AND h.valid_from <= wall.today()
       AND (h.valid_until IS NULL OR h.valid_until > wall.today())
      JOIN public.person p ON p.id = s.person_id AND (p.ended_at IS NULL OR p.ended_at > now())
     ORDER BY c.asked_at DESC LIMIT 1;
    IF NOT FOUND OR wall.reach_is_counted() OR 5 <= (SELECT count(*) FROM public.reach_count c, wall.live_policy() l
                                                      WHERE c.version = l.number AND c.day = wall.today()) THEN
        RETURN false;
    END IF;
    PERFORM wall.lend_reach_count(counting, hash, made_of, asker.person_id, asker.hat_id);
    RETURN true;
END $$;

-- The counting that the speaker's own job is at: nobody else is answered, whatever their hat.
CREATE FUNCTION wall.reach_count_in_hand() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker(); found uuid;
BEGIN
    SELECT c.id INTO found FROM public.reach_count c
     WHERE c.job_id = who.sign_in_id AND c.state = 'working' AND who.role = 'administrator';
    IF found IS NULL THEN
        RAISE EXCEPTION 'nothing is being worked out here' USING ERRCODE = 'no_data_found';
    END IF;
    RETURN found;
END $$;

-- What is counted in classes is counted for either job: a draft that is being worked out, or a counting.
CREATE OR REPLACE FUNCTION wall.impact_in_hand() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker(); found uuid;
BEGIN
    SELECT i.id INTO found FROM public.policy_impact i
     WHERE i.job_id = who.sign_in_id AND i.state = 'working' AND who.role = 'administrator';
    IF found IS NULL THEN
        RETURN wall.reach_count_in_hand();
    END IF;
    RETURN found;
END $$;

CREATE FUNCTION wall.tell_reach_count(done bigint, of_all bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE public.reach_count SET position = done, total = of_all, seen_at = clock_timestamp() WHERE id = wall.reach_count_in_hand();
END $$;

-- It is counted. What was told before goes, and the job's sign-in speaks for nobody from here on.
CREATE FUNCTION wall.end_reach_count(moment timestamptz, all_there_are jsonb, figures jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE here uuid := wall.reach_count_in_hand();
BEGIN
    DELETE FROM public.reach_figure;
    INSERT INTO public.reach_figure (count_id, organisation, role, unit, purpose, told)
    SELECT here, f.organisation, f.role, f.unit, f.purpose, f.told
      FROM jsonb_to_recordset(figures) AS f (organisation text, role text, unit text, purpose text, told jsonb);
    UPDATE public.reach_count SET state = 'left', there_are = '{}' WHERE state = 'done';
    UPDATE public.reach_count SET state = 'done', as_at = moment, seen_at = now(), position = total, there_are = all_there_are
     WHERE id = here;
    UPDATE public.sign_in SET revoked_at = now() FROM public.reach_count c
     WHERE c.id = here AND sign_in.id = c.job_id AND sign_in.revoked_at IS NULL;
END $$;

GRANT CREATE ON SCHEMA wall TO @definer@;
DO $$ DECLARE f text; BEGIN
    FOREACH f IN ARRAY ARRAY['reach_is_counted()', 'lend_reach_count(uuid, text, text, uuid, uuid)',
        'begin_reach_count(uuid, text, text, boolean)', 'repeat_reach_count(uuid, text, text)', 'reach_count_in_hand()',
        'tell_reach_count(bigint, bigint)', 'end_reach_count(timestamptz, jsonb, jsonb)'] LOOP
        EXECUTE format('ALTER FUNCTION wall.%s OWNER TO @definer@', f);
        EXECUTE format('REVOKE ALL ON FUNCTION wall.%s FROM PUBLIC', f);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
GRANT EXECUTE ON FUNCTION wall.begin_reach_count(uuid, text, text, boolean), wall.tell_reach_count(bigint, bigint),
    wall.end_reach_count(timestamptz, jsonb, jsonb) TO @office@;
GRANT EXECUTE ON FUNCTION wall.repeat_reach_count(uuid, text, text) TO @job@;
