"""Words, lines and known phrases, in any script."""
