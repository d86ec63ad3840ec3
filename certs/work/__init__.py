"""The use cases: one verb or noun that an organiser knows, each on ports; every rule that an edge must obey."""
