"""Measurements: every module is one command, its figures are kept in ``RESULTS.md``."""
