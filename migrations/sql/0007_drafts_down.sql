DROP FUNCTION wall.publish_draft(uuid, boolean), wall.approvals(uuid);
REVOKE INSERT, UPDATE ON policy_version FROM @definer@;
