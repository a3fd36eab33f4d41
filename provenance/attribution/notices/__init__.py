"""Sentences in which a page speaks about the text on it."""
