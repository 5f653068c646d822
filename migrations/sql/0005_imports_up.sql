-- Loads of residents from files. A load belongs to the council whose hat began it; what it says of residents who are there
-- follows their own rows.
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['import_run', 'import_part', 'import_handed_back', 'import_mapping', 'import_record',
        'import_likeness', 'import_evidence'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer_all ON %I TO @definer@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO @definer@, @council@', t);
        EXECUTE format('GRANT INSERT ON %I TO @council@', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['import_run', 'import_mapping'] LOOP
        EXECUTE format('CREATE POLICY own ON %I TO @council@ USING (organisation_id = (SELECT wall.org(''council'')))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['import_part', 'import_handed_back'] LOOP
        EXECUTE format('CREATE POLICY follows ON %1$I TO @council@ USING (EXISTS (
            SELECT 1 FROM import_run r WHERE r.id = %1$I.run_id))', t);
        EXECUTE format('GRANT DELETE ON %I TO @council@', t);
    END LOOP;
    -- Of a record that is shared, the council that it is shared with is not told how it came to be.
    FOREACH t IN ARRAY ARRAY['import_record', 'import_likeness', 'import_evidence'] LOOP
        EXECUTE format('CREATE POLICY follows ON %1$I FOR SELECT TO @council@ USING (
            EXISTS (SELECT 1 FROM resident r WHERE r.id = %1$I.resident_id)
            AND EXISTS (SELECT 1 FROM import_run i WHERE i.id = %1$I.run_id))', t);
        EXECUTE format('CREATE POLICY follows_in ON %1$I FOR INSERT TO @council@ WITH CHECK (
            EXISTS (SELECT 1 FROM resident r WHERE r.id = %1$I.resident_id)
            AND EXISTS (SELECT 1 FROM import_run i WHERE i.id = %1$I.run_id))', t);
        -- To ask is no error for those who have no policy, so that an answer cannot differ by what there is.
        EXECUTE format('GRANT SELECT ON %I TO @rights@, @partner@, @office@', t);
    END LOOP;
END $$;
CREATE POLICY rights_see ON import_evidence FOR SELECT TO @rights@ USING (EXISTS (
    SELECT 1 FROM resident r WHERE r.id = import_evidence.resident_id));
GRANT UPDATE (size, encoding, asks, headings, fields, month_first, with_matches, step, halted, round, rows, position, fine, mended,
    failed, likely, told, recorded, taken_back, problems, words, notes, step_at, seen_at, attempts) ON import_run TO @council@;
GRANT UPDATE (fields, month_first, at) ON import_mapping TO @council@;

-- Puts a load's step to the workers. They act under a sign-in of its own, with the hat that asks for it here: it can do what
-- that hat may, for a day, and ends with the hat, with the step, and with every other sign-in of that person.
CREATE FUNCTION wall.begin_import_job(importing uuid, hash text, made_of text, queued boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, jobs AS $$
DECLARE who wall.speaker := wall.speaker(); lent uuid := gen_random_uuid();
BEGIN
    PERFORM 1 FROM public.import_run WHERE id = importing AND organisation_id = wall.org('council') FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such load' USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE public.sign_in SET revoked_at = now() FROM public.import_run r
     WHERE r.id = importing AND sign_in.id = r.job_id AND sign_in.revoked_at IS NULL;
    INSERT INTO public.sign_in (id, secret_hash, person_id, hat_id, kind, created_at, seen_at, idle_minutes, expires_at)
    VALUES (lent, hash, who.person_id, who.hat_id, 'job', now(), now(), 1440, now() + interval '1 day');
    UPDATE public.import_run SET job_id = lent, nonce = made_of, seen_at = now(), attempts = 0, halted = false
     WHERE id = importing;
    IF queued THEN
        INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, queueing_lock, args)
        VALUES ('default', 'imports.go_on', 'imports.' || importing, jsonb_build_object('run', importing, 'nonce', made_of))
        ON CONFLICT DO NOTHING;
    END IF;
END $$;

-- The step is done: its sign-in speaks for nobody from here on, in this transaction already.
CREATE FUNCTION wall.end_import_job(importing uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE public.sign_in SET revoked_at = now() FROM public.import_run r
     WHERE r.id = importing AND r.organisation_id = wall.org('council') AND sign_in.id = r.job_id
       AND sign_in.revoked_at IS NULL;
END $$;

-- Takes back up to so many records of a load: those that are as they were recorded, and of this council still. What anything
-- else hangs on, or somebody changed since, is kept; so is what concerns the one who asks. The keys of those taken back.
CREATE FUNCTION wall.take_back_import(importing uuid, most integer, OUT taken uuid[], OUT looked_at integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE council uuid := wall.org('council'); own uuid[] := wall.related('council'); each public.resident; t text;
BEGIN
    taken := '{}'; looked_at := 0;
    PERFORM 1 FROM public.import_run WHERE id = importing AND organisation_id = council AND step = 'undoing' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing to take back' USING ERRCODE = 'no_data_found';
    END IF;
    FOR each IN SELECT r.* FROM public.import_record i JOIN public.resident r ON r.id = i.resident_id
                 WHERE i.run_id = importing AND NOT i.kept ORDER BY i.resident_id LIMIT most FOR UPDATE OF r LOOP
        looked_at := looked_at + 1;
        BEGIN
            IF each.version > 1 OR each.home_id IS DISTINCT FROM council OR each.keeper_id <> council
               OR each.home_until IS NOT NULL OR each.restricted OR each.protected OR each.objected_to <> '{}'
               OR each.id = ANY (own) OR EXISTS (SELECT 1 FROM public.relation WHERE resident_id = each.id)
               OR EXISTS (SELECT 1 FROM public.choice c WHERE c.resident_id = each.id AND NOT EXISTS (
                   SELECT 1 FROM public.import_evidence e WHERE e.choice_id = c.id AND e.run_id = importing)) THEN
                RAISE foreign_key_violation;
            END IF;
            FOREACH t IN ARRAY ARRAY['resident_name', 'resident_address', 'resident_channel', 'resident_preference',
                'resident_birth', 'resident_need', 'resident_change', 'resident_key', 'import_evidence', 'choice',
                'import_likeness', 'import_record'] LOOP
                EXECUTE format('DELETE FROM public.%I WHERE resident_id = $1', t) USING each.id;
            END LOOP;
            DELETE FROM public.resident WHERE id = each.id;
            taken := taken || each.id;
        EXCEPTION WHEN foreign_key_violation THEN
            UPDATE public.import_record SET kept = true WHERE resident_id = each.id;
        END;
    END LOOP;
END $$;

-- A worker that was killed left its step: another one goes on, five times at most without any progress.
CREATE FUNCTION wall.revive_imports(after interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, jobs AS $$
DECLARE stalled public.import_run; revived integer := 0;
BEGIN
    FOR stalled IN SELECT * FROM public.import_run WHERE step IN ('checking', 'loading', 'undoing') AND NOT halted
                      AND seen_at < now() - after AND attempts < 5 AND job_id IS NOT NULL FOR UPDATE SKIP LOCKED LOOP
        UPDATE public.import_run SET attempts = attempts + 1, seen_at = now() WHERE id = stalled.id;
        INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, queueing_lock, args)
        VALUES ('default', 'imports.go_on', 'imports.' || stalled.id,
                jsonb_build_object('run', stalled.id, 'nonce', stalled.nonce))
        ON CONFLICT DO NOTHING;
        revived := revived + 1;
    END LOOP;
    RETURN revived;
END $$;

-- What is kept for a load, to go on with it and to take it back, goes when nothing has happened for so long.
CREATE FUNCTION wall.forget_imports(after interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE old uuid[] := ARRAY(SELECT id FROM public.import_run WHERE step <> 'over' AND seen_at < now() - after FOR UPDATE);
BEGIN
    DELETE FROM public.import_part WHERE run_id = ANY (old);
    DELETE FROM public.import_handed_back WHERE run_id = ANY (old);
    DELETE FROM public.import_likeness WHERE run_id = ANY (old);
    DELETE FROM public.import_record WHERE run_id = ANY (old);
    UPDATE public.import_run SET step = 'over' WHERE id = ANY (old);
    RETURN cardinality(old);
END $$;

GRANT UPDATE ON import_run, import_record TO @definer@;
GRANT DELETE ON import_part, import_handed_back, import_likeness, import_record, import_evidence, resident, resident_name,
    resident_address, resident_channel, resident_preference, resident_birth, resident_need, resident_change, choice TO @definer@;
GRANT INSERT, UPDATE (revoked_at) ON sign_in TO @definer@;
GRANT USAGE ON SCHEMA jobs TO @definer@;
GRANT SELECT, INSERT ON jobs.procrastinate_jobs, jobs.procrastinate_events TO @definer@;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO @definer@;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO @definer@;
GRANT CREATE ON SCHEMA wall TO @definer@;
DO $$ DECLARE f text; BEGIN
    FOREACH f IN ARRAY ARRAY['begin_import_job(uuid, text, text, boolean)', 'end_import_job(uuid)',
        'take_back_import(uuid, integer)', 'revive_imports(interval)', 'forget_imports(interval)'] LOOP
        EXECUTE format('ALTER FUNCTION wall.%s OWNER TO @definer@', f);
        EXECUTE format('REVOKE ALL ON FUNCTION wall.%s FROM PUBLIC', f);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
GRANT EXECUTE ON FUNCTION wall.begin_import_job(uuid, text, text, boolean), wall.end_import_job(uuid),
    wall.take_back_import(uuid, integer) TO @council@;
GRANT EXECUTE ON FUNCTION wall.revive_imports(interval), wall.forget_imports(interval) TO @job@, @owner@;
