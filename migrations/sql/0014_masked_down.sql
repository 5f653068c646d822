-- The speaker's requests that a mask on the linked resident reaches. Named here because the speaker may not see the link.
CREATE OR REPLACE FUNCTION wall.masked_requests(mask text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker();
BEGIN
    RETURN ARRAY(SELECT l.request_id
        FROM public.resident r JOIN public.request_resident l ON l.resident_id = r.id
        JOIN public.request q ON q.id = l.request_id
        WHERE CASE mask
                WHEN 'objection' THEN r.objected_to @> ARRAY[who.organisation_id]
                WHEN 'protected' THEN r.protected
                WHEN 'restricted' THEN r.restricted
                WHEN 'own_record' THEN r.id IN (SELECT resident_id FROM public.relation WHERE person_id = who.person_id)
              END
          AND (q.taken_by_id = who.organisation_id OR q.responsible_id = who.organisation_id
               OR q.intake_home_id = who.organisation_id OR EXISTS (
                   SELECT 1 FROM public.assignment a WHERE a.request_id = q.id AND a.organisation_id = who.organisation_id)));
END $$;
