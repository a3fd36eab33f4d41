"""The pages in a real browser: tests and pictures; needs chromium, and axe-core from npm."""
