"""What every page passes through, whoever asks: hosts, headers, prefix, limits, errors, assets, templates."""
