-- How a conversation came may be put right while it lasts: one types a name before one says that the caller stands at the counter.
GRANT UPDATE (channel, line) ON contact TO @council@;
