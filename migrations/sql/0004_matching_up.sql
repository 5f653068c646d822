-- How common names, postcodes and telephones are among a council's own residents. A council reads its own counts; the worker
-- counts, and writes nothing that fewer than five people bear.
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['frequency_measure', 'term_frequency'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer_all ON %I TO @definer@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO @council@ USING (council_id = (SELECT wall.org(''council'')))', t);
        EXECUTE format('GRANT SELECT ON %I TO @council@, @rights@, @partner@, @office@', t);
        EXECUTE format('GRANT SELECT, INSERT, DELETE ON %I TO @definer@', t);
    END LOOP;
END $$;
GRANT SELECT ON match_weights TO @council@, @rights@, @partner@, @office@, @job@, @signin@;
GRANT SELECT ON resident, resident_name, resident_address, resident_channel, resident_birth TO @definer@;

-- A name as it is compared (app/matching/folding.py): without case, accents, apostrophes or hyphens.
CREATE FUNCTION wall.folded(name text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog BEGIN ATOMIC
    SELECT btrim(regexp_replace(lower(regexp_replace(normalize(replace(replace(replace(translate(
        name, 'łŁøØđĐðÐı''’‘`´ʼʻ′.', 'lLoOdDdDi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), NFKD), '[\u0300-\u036f]', '', 'g')),
        '[^a-z0-9]+', ' ', 'g'));
END;

-- Counts anew for every council: among those whose home it is, without the protected and the restricted, whom most of its own
-- hats may not see.
CREATE FUNCTION wall.measure_frequencies() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE counted integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('wall.measure_frequencies'));
    DELETE FROM public.term_frequency;
    DELETE FROM public.frequency_measure;
    -- No temporary table: this role may make none.
    WITH one AS MATERIALIZED (
        SELECT r.id, CASE WHEN r.home_until <= wall.today() THEN r.next_home_id ELSE r.home_id END AS council_id
          FROM public.resident r WHERE NOT r.protected AND NOT r.restricted)
    INSERT INTO public.frequency_measure (council_id, people, same_birth, at)
        SELECT h.council_id, h.people, (SELECT CASE WHEN sum(b.people) >= 1000
                   THEN (sum(b.people * b.people) - sum(b.people))::float / (sum(b.people) * (sum(b.people) - 1)) END
              FROM (SELECT count(*) AS people FROM public.resident_birth d JOIN one ON one.id = d.resident_id
                     WHERE one.council_id = h.council_id GROUP BY d.born) b), now()
          FROM (SELECT council_id, count(*) AS people FROM one WHERE council_id IS NOT NULL GROUP BY council_id) h;
    WITH one AS MATERIALIZED (
        SELECT r.id, CASE WHEN r.home_until <= wall.today() THEN r.next_home_id ELSE r.home_id END AS council_id
          FROM public.resident r WHERE NOT r.protected AND NOT r.restricted)
    INSERT INTO public.term_frequency (council_id, term, value, people)
        SELECT one.council_id, t.term, t.value, count(DISTINCT one.id)
          FROM one JOIN (
              SELECT resident_id, 'given' AS term, split_part(wall.folded(given), ' ', 1) AS value FROM public.resident_name
              UNION ALL SELECT resident_id, 'family', replace(wall.folded(family), ' ', '') FROM public.resident_name
              UNION ALL SELECT resident_id, 'postcode', postcode FROM public.resident_address
              UNION ALL SELECT resident_id, 'telephone', value FROM public.resident_channel WHERE kind = 'telephone') t
            ON t.resident_id = one.id
         WHERE t.value <> '' AND one.council_id IS NOT NULL
         GROUP BY one.council_id, t.term, t.value HAVING count(DISTINCT one.id) >= 5;
    GET DIAGNOSTICS counted = ROW_COUNT;
    RETURN counted;
END $$;

GRANT CREATE ON SCHEMA wall TO @definer@;
ALTER FUNCTION wall.folded(text) OWNER TO @definer@;
ALTER FUNCTION wall.measure_frequencies() OWNER TO @definer@;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
REVOKE ALL ON FUNCTION wall.folded(text), wall.measure_frequencies() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.folded(text) TO @definer@;
GRANT EXECUTE ON FUNCTION wall.measure_frequencies() TO @job@, @owner@;
