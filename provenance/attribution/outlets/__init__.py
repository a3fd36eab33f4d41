"""Outlets: what their names look like, and which of them a page names."""
