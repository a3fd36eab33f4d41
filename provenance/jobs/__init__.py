"""The jobs: one module, one function each.

They live in a package of their own so that ``from provenance import check`` is always the
function, never a module of the same name.
"""
