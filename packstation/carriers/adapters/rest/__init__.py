"""A carrier with a plain interface of JSON over HTTPS, described by a file.

The file is ``packstation.carrier/1`` (docs/formats/carrier.md).
"""
