"""Pages for the person whom a certificate is about, behind her personal link."""
