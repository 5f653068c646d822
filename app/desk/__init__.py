"""Pages that lay several features side by side: the adviser's desk and the resident's page. No tables, no rules."""
