DROP TRIGGER resident_is_due_when_new ON resident;
DROP TRIGGER resident_is_due_when_changed ON resident;
DROP FUNCTION wall.mark_new(), wall.mark_changed(), wall.wear_matching_rule(uuid, text),
    wall.due_for_matching(uuid, integer), wall.matched(uuid, uuid, timestamptz), wall.match_everything(),
    wall.due_for(public.resident), wall.join_records(uuid), wall.part_records(uuid), wall.home_of(public.resident);
REVOKE UPDATE (merged_into, merged_at, joined, protected) ON resident FROM @definer@;
REVOKE INSERT, DELETE ON relation FROM @definer@;
REVOKE INSERT ON person, hat FROM @definer@;
REVOKE DELETE ON sign_in FROM @definer@;
