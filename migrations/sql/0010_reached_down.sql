CREATE OR REPLACE FUNCTION wall.impact_in_hand() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE who wall.speaker := wall.speaker(); found uuid;
BEGIN
    SELECT i.id INTO found FROM public.policy_impact i
     WHERE i.job_id = who.sign_in_id AND i.state = 'working' AND who.role = 'administrator';
    IF found IS NULL THEN
        RAISE EXCEPTION 'nothing is being worked out here' USING ERRCODE = 'no_data_found';
    END IF;
    RETURN found;
END $$;
DROP FUNCTION wall.end_reach_count(timestamptz, jsonb, jsonb), wall.tell_reach_count(bigint, bigint), wall.reach_count_in_hand(),
    wall.repeat_reach_count(uuid, text, text), wall.begin_reach_count(uuid, text, text, boolean),
    wall.lend_reach_count(uuid, text, text, uuid, uuid), wall.reach_is_counted();
