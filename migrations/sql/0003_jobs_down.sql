DROP FUNCTION wall.end_stale_contacts(interval);
DROP FUNCTION wall.seal_journal(interval);
DROP FUNCTION wall.journal_lines(bigint, bigint);
DROP POLICY reads ON journal_seal;
DROP POLICY definer_all ON journal_seal;
ALTER TABLE journal_seal NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON journal_seal FROM @definer@, @job@, @rights@, @office@;
REVOKE UPDATE (ended_at, outcome, resolved_at_first_contact) ON contact FROM @definer@;
DROP SCHEMA jobs CASCADE;
