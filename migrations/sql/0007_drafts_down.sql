DROP FUNCTION wall.publish_draft(uuid, boolean), wall.approvals(uuid);
REVOKE ALL ON policy_version FROM @definer@;
