"""Foreign programs that judge our files, each behind one typed function.

A judge that is not installed skips its test with the reason, except where `CI=true`: there its absence is a failure,
for a green run must mean that the file was judged.
"""
