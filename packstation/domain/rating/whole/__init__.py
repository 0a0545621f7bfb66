"""The same prices as ``rating.quotes``, worked out in whole numbers (docs/rating.md).

What cannot be said in whole numbers is left to ``rating.quotes``, which is the law.
"""
