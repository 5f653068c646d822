DO $$ DECLARE name text; BEGIN
    FOREACH name IN ARRAY ARRAY['council_sees', 'council_changes'] LOOP
        EXECUTE format($policy$ ALTER POLICY %I ON resident USING (
            (((home_id = (SELECT wall.org('council')) AND (home_until IS NULL OR home_until > (SELECT wall.today())))
              OR (next_home_id = (SELECT wall.org('council')) AND home_until <= (SELECT wall.today()))
              OR (shared AND (SELECT wall.org('council')) IS NOT NULL
                  AND CASE WHEN home_until <= (SELECT wall.today()) THEN next_home_id ELSE home_id END IS NOT NULL
                  AND NOT (SELECT wall.org('council')) = ANY (objected_to)))
             AND NOT restricted OR id = ANY ((SELECT wall.disclosed('council'))::uuid[]))
            AND NOT id = ANY ((SELECT wall.related('council'))::uuid[])) $policy$, name);
    END LOOP;
END $$;
