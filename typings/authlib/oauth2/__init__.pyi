"""What certs uses of Authlib."""
