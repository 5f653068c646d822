-- What the worker may do: its own queue, and a few deeds that no hat does. As the audience `job` it sees no resident.
GRANT USAGE ON SCHEMA jobs TO @job@;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO @job@;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO @job@;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO @job@;
GRANT USAGE ON SCHEMA wall TO @job@;

-- One entry as the text that is sealed: everything in it, and the residents it is about.
CREATE FUNCTION wall.journal_lines(since bigint, through bigint) RETURNS TABLE (number bigint, line text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC
    SELECT e.number, concat_ws('|', e.number, e.id, extract(epoch FROM e.at), e.event, coalesce(e.person_id::text, '-'),
               coalesce(e.hat_id::text, '-'), coalesce(e.organisation_id::text, '-'), coalesce(e.purpose, '-'),
               coalesce(e.contact_id::text, '-'), coalesce(e.request_id, '-'), coalesce(e.policy_version::text, '-'),
               e.facts::text, coalesce((SELECT string_agg(concat_ws(':', s.resident_id, s.groups::text, s.scopes::text), ','
                                                          ORDER BY s.resident_id)
                                          FROM public.journal_subject s WHERE s.entry_id = e.id), '-'))
      FROM public.journal_entry e WHERE e.number > since AND e.number <= through ORDER BY e.number;
END;

-- Seals what is older than any transaction may last, so that no entry can still arrive among those sealed.
CREATE FUNCTION wall.seal_journal(settled interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE before public.journal_seal; through bigint; counted integer; digest bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('wall.seal_journal'));
    SELECT * INTO before FROM public.journal_seal ORDER BY id DESC LIMIT 1;
    SELECT max(e.number) INTO through FROM public.journal_entry e
     WHERE e.number > coalesce(before.last_number, 0) AND e.number < coalesce((
           SELECT min(l.number) FROM public.journal_entry l
            WHERE l.number > coalesce(before.last_number, 0) AND l.at > now() - settled), 9223372036854775807);
    IF through IS NULL THEN
        RETURN 0;
    END IF;
    SELECT count(*), sha256(coalesce(before.digest, ''::bytea) || convert_to(string_agg(l.line, E'\n' ORDER BY l.number), 'UTF8'))
      INTO counted, digest FROM wall.journal_lines(coalesce(before.last_number, 0), through) l;
    INSERT INTO public.journal_seal (id, first_number, last_number, entries, digest, sealed_at)
    VALUES (coalesce(before.id, 0) + 1, coalesce(before.last_number, 0) + 1, through, counted, digest, now());
    RETURN counted;
END $$;

-- A conversation that nobody ended is over after some hours: what was typed at its intake is no longer to be read.
CREATE FUNCTION wall.end_stale_contacts(after interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE ended integer;
BEGIN
    UPDATE public.contact SET ended_at = now(), outcome = 'abandoned', resolved_at_first_contact = false
     WHERE ended_at IS NULL AND started_at < now() - after;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

-- A move that was told beforehand has taken place: the record is the new home's to keep, and moving out of the partnership
-- ends what was agreed to (R14). Until this is done the columns of the move say the same to everybody but the keeper.
CREATE FUNCTION wall.settle_moves() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE moved public.resident; settled integer := 0;
BEGIN
    FOR moved IN SELECT * FROM public.resident WHERE home_until <= wall.today() ORDER BY id FOR UPDATE SKIP LOCKED LOOP
        IF moved.next_home_id IS NULL THEN
            INSERT INTO public.choice (id, resident_id, matter, answer, wording_version, channel, at, hat_id)
                SELECT gen_random_uuid(), moved.id, matter, 'withdrawn', wording_version, channel, clock_timestamp(), hat_id
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

ALTER TABLE journal_seal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY definer_all ON journal_seal TO @definer@ USING (true) WITH CHECK (true);
CREATE POLICY reads ON journal_seal FOR SELECT TO @job@, @rights@, @office@, @owner@ USING (true);
GRANT SELECT ON journal_seal TO @definer@, @job@, @rights@, @office@;
GRANT INSERT ON journal_seal TO @definer@;
GRANT UPDATE (ended_at, outcome, resolved_at_first_contact) ON contact TO @definer@;
GRANT CREATE ON SCHEMA wall TO @definer@;
ALTER FUNCTION wall.journal_lines(bigint, bigint) OWNER TO @definer@;
ALTER FUNCTION wall.seal_journal(interval) OWNER TO @definer@;
ALTER FUNCTION wall.end_stale_contacts(interval) OWNER TO @definer@;
ALTER FUNCTION wall.settle_moves() OWNER TO @definer@;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
REVOKE ALL ON FUNCTION wall.journal_lines(bigint, bigint), wall.seal_journal(interval), wall.end_stale_contacts(interval),
    wall.settle_moves() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.journal_lines(bigint, bigint) TO @definer@, @owner@;
GRANT EXECUTE ON FUNCTION wall.seal_journal(interval), wall.end_stale_contacts(interval), wall.settle_moves()
    TO @job@, @owner@;
GRANT USAGE ON SCHEMA wall TO @owner@;
