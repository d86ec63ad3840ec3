"""Checking without us: what an archive holds, so that certificates can be judged when this site is gone.

    listed.py    the list of an event: what was issued, and how it stood on a day, under our signature
    verify.py    a program of one file that judges codes and PDFs by an archive, and needs nothing of ours
    page.py      a page of one file that does the same in any browser, from disk too; bundled from `page/`
    readme.py    what the archive says of itself, in six languages, with the SHA-256 of every file

`docs/formats.md` specifies the list. Pure: values in, bytes out. `verify.py` is handed out as it lies here and is not
imported by anything of the program but its tests.
"""
