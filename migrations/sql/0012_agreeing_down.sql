DROP TRIGGER heeds_impact ON policy_draft_step;
CREATE TRIGGER heeds_impact BEFORE INSERT ON policy_draft_step FOR EACH ROW
    WHEN (NEW.act IN ('submitted', 'approved', 'published')) EXECUTE FUNCTION wall.heed_impact();
DROP TRIGGER heeds_narrowing ON policy_draft_step;
DROP POLICY only_answered ON policy_draft_step;
REVOKE UPDATE (returned_by) ON policy_draft FROM @definer@;
CREATE OR REPLACE FUNCTION wall.approvals(draft uuid) RETURNS TABLE (person_id uuid, organisation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT s.person_id, s.organisation_id
      FROM public.policy_draft d JOIN public.policy_draft_step s ON s.draft_id = d.id
     WHERE d.id = draft AND s.act = 'approved' AND s.fingerprint = d.fingerprint
       AND s.at > coalesce((SELECT max(r.at) FROM public.policy_draft_step r WHERE r.draft_id = d.id
                               AND r.act IN ('edited', 'brought-up-to-date', 'returned')), '-infinity')
       AND NOT EXISTS (SELECT FROM public.policy_draft_step e WHERE e.draft_id = d.id AND e.person_id = s.person_id
                           AND e.act IN ('begun', 'edited', 'brought-up-to-date'))
$$;
DROP FUNCTION wall.heed_narrowing(), wall.answer_narrowing(uuid, integer, text), wall.agreements(uuid), wall.narrows_alone(uuid),
    wall.narrowed_by(uuid), wall.narrowing_lines(jsonb);
-- What was agreed to is not among what was done before: without its own force the owner would see no step to take out.
ALTER TABLE policy_draft_step NO FORCE ROW LEVEL SECURITY;
DELETE FROM policy_draft_step WHERE act = 'agreed';
ALTER TABLE policy_draft_step FORCE ROW LEVEL SECURITY;
