"""The pages: verification for everybody, the personal page behind its link."""
