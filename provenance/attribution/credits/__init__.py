"""Credit lines, datelines and sign-offs, read as stretches of known parts."""
