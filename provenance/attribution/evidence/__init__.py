"""Everything a page says about whose text it is, and what that comes to."""
