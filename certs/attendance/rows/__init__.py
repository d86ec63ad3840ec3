"""From bytes to rows of cells: encodings, separators, web pages, workbooks in a child with limits."""
