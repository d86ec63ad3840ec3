"""What cells say of time: dates, times of day, lengths, zones, and the days and windows of sessions."""
