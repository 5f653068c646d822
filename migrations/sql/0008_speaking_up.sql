-- Who speaks is worked out when a transaction begins and kept in it, for row security asks it many times of each statement. What
-- is kept is under a seal of a key that nobody but the definer reads, and the seal is for this transaction, this secret and
-- this contact alone: whoever writes the setting themselves, or brings one along from elsewhere, is asked for the secret again.
CREATE TABLE wall.seal (id integer PRIMARY KEY CHECK (id = 1), key bytea NOT NULL);
INSERT INTO wall.seal VALUES (1, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
GRANT SELECT ON wall.seal TO @definer@;

CREATE FUNCTION wall.sealed(said text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE secrecy bytea;
BEGIN
    SELECT key INTO secrecy FROM wall.seal WHERE id = 1;
    -- Twice, so that what is sealed cannot be lengthened by who does not have the key.
    RETURN encode(sha256(secrecy || sha256(secrecy || convert_to(concat_ws('|', pg_backend_pid(), now(),
        current_setting('jc.secret', true), current_setting('jc.contact', true), said), 'UTF8'))), 'hex');
END $$;

CREATE FUNCTION wall.remember() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE said text := wall.speaker_of(current_setting('jc.secret', true),
                                     nullif(current_setting('jc.contact', true), '')::uuid)::text;
BEGIN
    PERFORM set_config('jc.speaker', said, true), set_config('jc.seal', wall.sealed(said), true);
END $$;

CREATE OR REPLACE FUNCTION wall.speaker() RETURNS wall.speaker LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE said text := current_setting('jc.speaker', true);
BEGIN
    IF said <> '' AND current_setting('jc.seal', true) = wall.sealed(said) THEN
        RETURN said::wall.speaker;
    END IF;
    RETURN wall.speaker_of(current_setting('jc.secret', true), nullif(current_setting('jc.contact', true), '')::uuid);
END $$;

GRANT CREATE ON SCHEMA wall TO @definer@;
ALTER FUNCTION wall.sealed(text) OWNER TO @definer@;
ALTER FUNCTION wall.remember() OWNER TO @definer@;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
REVOKE ALL ON FUNCTION wall.sealed(text), wall.remember() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.sealed(text) TO @definer@;
GRANT EXECUTE ON FUNCTION wall.remember() TO @web@;
