"""The shipping label and its writers."""

from packstation.documents.label.orders import FORMATS, render

__all__ = ["FORMATS", "render"]
