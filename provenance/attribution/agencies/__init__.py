"""The agencies file, and the places of a text that name an agency."""
