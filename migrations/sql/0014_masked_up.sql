-- The speaker's requests that a mask on the linked resident reaches. Named here because the speaker may not see the link. The
-- residents first, whom an index names for each mask: they are few, and the speaker's requests are many.
CREATE OR REPLACE FUNCTION wall.masked_requests(mask text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker(); masked uuid[];
BEGIN
    masked := CASE mask
        WHEN 'objection' THEN ARRAY(SELECT id FROM public.resident WHERE objected_to @> ARRAY[who.organisation_id])
        WHEN 'protected' THEN ARRAY(SELECT id FROM public.resident WHERE protected)
        WHEN 'restricted' THEN ARRAY(SELECT id FROM public.resident WHERE restricted)
        WHEN 'own_record' THEN ARRAY(SELECT resident_id FROM public.relation WHERE person_id = who.person_id)
    END;
    RETURN ARRAY(SELECT l.request_id
        FROM public.request_resident l JOIN public.request q ON q.id = l.request_id
        WHERE l.resident_id = ANY (masked)
          AND (q.taken_by_id = who.organisation_id OR q.responsible_id = who.organisation_id
               OR q.intake_home_id = who.organisation_id OR EXISTS (
                   SELECT 1 FROM public.assignment a WHERE a.request_id = q.id AND a.organisation_id = who.organisation_id)));
END $$;
