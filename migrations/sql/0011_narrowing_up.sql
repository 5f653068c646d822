-- Whether one of the speaker's requests is about a resident of a council: of the home council today or, after leaving the area, of
-- the keeper. Answered here because the speaker may not see the link.
CREATE FUNCTION wall.request_is_of(asked uuid, council text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker(); today date := wall.today();
BEGIN
    RETURN EXISTS (SELECT FROM public.request q
        JOIN public.request_resident l ON l.request_id = q.id JOIN public.resident r ON r.id = l.resident_id
        JOIN public.organisation o ON o.id = coalesce(
            CASE WHEN r.home_until <= today THEN r.next_home_id ELSE r.home_id END, r.keeper_id)
        WHERE q.id = asked AND o.slug = council
          AND (q.taken_by_id = who.organisation_id OR q.responsible_id = who.organisation_id
               OR q.intake_home_id = who.organisation_id OR EXISTS (
                   SELECT FROM public.assignment a WHERE a.request_id = q.id AND a.organisation_id = who.organisation_id)));
END $$;

GRANT CREATE ON SCHEMA wall TO @definer@;
ALTER FUNCTION wall.request_is_of(uuid, text) OWNER TO @definer@;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
REVOKE ALL ON FUNCTION wall.request_is_of(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.request_is_of(uuid, text) TO @council@, @partner@, @rights@, @office@, @job@;
