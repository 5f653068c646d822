REVOKE UPDATE (channel, line) ON contact FROM @council@;
