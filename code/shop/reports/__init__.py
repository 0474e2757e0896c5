"""Reports: the record that says how far one is, and the files it ends in."""
