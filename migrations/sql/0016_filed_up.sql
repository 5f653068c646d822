-- The keys that app/residents/keys.py files as s: are made of those that stand: the sounds of d: beside the postcodes of p:, each with
-- each, as there. For a moment in the definer's name, since the owner of the tables sees no resident.
GRANT CREATE ON SCHEMA wall TO @definer@;
CREATE FUNCTION wall.file_at_postcodes() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO public.resident_key (id, resident_id, council_id, shared, grp, key)
    SELECT gen_random_uuid(), s.resident_id, s.council_id, s.shared, s.grp, 's:' || s.sound || ' ' || substr(p.key, 3)
      FROM (SELECT DISTINCT resident_id, council_id, shared, grp, regexp_replace(substr(key, 3), ' [^ ]*$', '') AS sound
              FROM public.resident_key WHERE starts_with(key, 'd:')) s
      JOIN public.resident_key p ON p.resident_id = s.resident_id AND p.council_id = s.council_id AND starts_with(p.key, 'p:')
     WHERE NOT EXISTS (SELECT FROM public.resident_key o WHERE o.resident_id = s.resident_id AND starts_with(o.key, 's:'))
$$;
ALTER FUNCTION wall.file_at_postcodes() OWNER TO @definer@;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
SELECT wall.file_at_postcodes();
DROP FUNCTION wall.file_at_postcodes();
