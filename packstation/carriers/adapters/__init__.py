"""Adapters of carriers: each is a ``domain.carriers.CarrierGateway``."""
