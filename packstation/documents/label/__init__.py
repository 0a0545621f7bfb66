"""The shipping label and its writers."""

from packstation.documents.label.orders import FORMATS, Format, render

__all__ = ["FORMATS", "Format", "render"]
