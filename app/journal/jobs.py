"""What is done to the journal again and again: sealing what is settled."""

from app.kernel.worker import Periodic

# Longer than any transaction may last (statement_timeout, and twice that idle): no entry can still arrive below a seal.
PERIODIC = (Periodic("journal.seal", "* * * * *", "SELECT wall.seal_journal(interval '2 minutes')"),)
