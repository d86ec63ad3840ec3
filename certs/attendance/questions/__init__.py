"""What a file leaves open, about itself and about people, and what answers settle."""
