"""Text for people: results are rendered here and nothing is decided."""
