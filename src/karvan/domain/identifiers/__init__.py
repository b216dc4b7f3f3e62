"""Numbers and codes of the trade, one standard a module.

Each type has `parse`, which reads any usual spelling or raises, and `str`, which
gives the spelling of documents. Where a rule is too doubtful to refuse by, the
module has `warnings` beside it. `docs/reference/identifiers.md` lists what is
checked, by which rule.
"""
