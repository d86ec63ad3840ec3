"""The register in a database: tables, transactions, audit trail, and the store that the use cases see."""
