"""The console, on a register in SQLite, with a cast of users."""
