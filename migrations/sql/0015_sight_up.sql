-- Row security asks who speaks anew for every table of a statement, and that was most of what it cost.

-- The key of seals is said to be immutable so that whoever checks one has it in the plan. Should it ever be another, no seal fits, and
-- who speaks is looked up.
CREATE FUNCTION wall.secrecy() RETURNS bytea LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN (SELECT key FROM wall.seal WHERE id = 1);
END $$;

-- Not of the definer's right, since none but the definer may ask: it becomes part of what asks.
CREATE OR REPLACE FUNCTION wall.sealed(said text) RETURNS text LANGUAGE sql STABLE SECURITY INVOKER
    -- Twice, so that what is sealed cannot be lengthened by who does not have the key.
    RETURN encode(sha256(wall.secrecy() || sha256(wall.secrecy() || convert_to(concat_ws('|', pg_backend_pid(), now(),
        current_setting('jc.secret', true), current_setting('jc.contact', true), said), 'UTF8'))), 'hex');

-- Who speaks, as it was kept under its seal, or else looked up: a row of the type wall.speaker as it is written.
CREATE FUNCTION wall.said() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE said text := current_setting('jc.speaker', true);
BEGIN
    IF said <> '' AND current_setting('jc.seal', true) = wall.sealed(said) THEN
        RETURN said;
    END IF;
    RETURN wall.speaker_of(current_setting('jc.secret', true), nullif(current_setting('jc.contact', true), '')::uuid)::text;
END $$;

CREATE OR REPLACE FUNCTION wall.speaker() RETURNS wall.speaker LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN wall.said()::wall.speaker;
END $$;

-- The keys stand first and the audience is the last but one of the row: no role and no unit between them can move either.
CREATE OR REPLACE FUNCTION wall.org(asking text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE said text := wall.said();
BEGIN
    RETURN CASE WHEN split_part(said, ',', -2) = asking THEN split_part(said, ',', 4)::uuid END;
END $$;

CREATE OR REPLACE FUNCTION wall.person(asking text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE said text := wall.said();
BEGIN
    RETURN CASE WHEN split_part(said, ',', -2) = asking THEN split_part(said, ',', 2)::uuid END;
END $$;

GRANT CREATE ON SCHEMA wall TO @definer@;
ALTER FUNCTION wall.secrecy() OWNER TO @definer@;
ALTER FUNCTION wall.said() OWNER TO @definer@;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
REVOKE ALL ON FUNCTION wall.secrecy(), wall.said() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.secrecy(), wall.said() TO @definer@;

-- What a council sees of residents, in as few questions. Who speaks for nobody is told neither true nor false, and so sees
-- nothing; a resident without a home council is likewise nobody's but the keeper's.
DO $$ DECLARE name text; BEGIN
    FOREACH name IN ARRAY ARRAY['council_sees', 'council_changes'] LOOP
        EXECUTE format($policy$ ALTER POLICY %I ON resident USING (
            (CASE (CASE WHEN home_until <= (SELECT wall.today()) THEN next_home_id ELSE home_id END = (SELECT wall.org('council')))
                  WHEN true THEN true
                  WHEN false THEN shared AND (SELECT wall.org('council')) <> ALL (objected_to) END
             AND NOT restricted OR id = ANY ((SELECT wall.disclosed('council'))::uuid[]))
            AND NOT id = ANY ((SELECT wall.related('council'))::uuid[])) $policy$, name);
    END LOOP;
END $$;
