"""What certs uses of Flask-WTF."""
