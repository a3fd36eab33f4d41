"""What each block of a page does: its place, its signs, and the rules for each kind."""
