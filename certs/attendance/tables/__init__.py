"""From rows to tables: which row holds titles, which export it is, what its columns hold, what it is about."""
