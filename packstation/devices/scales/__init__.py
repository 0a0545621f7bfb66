"""Scale protocols: pure decoders from one frame's bytes to a `Reading`.

Patterns are texts that are compiled at their first frame: a bench has one scale and starts with
the decoders of all.
"""
