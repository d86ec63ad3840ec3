"""Ground rooms of one idea each, on which every room above stands: numbers, names, addresses, presence, signatures."""
