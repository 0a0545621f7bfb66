"""The shipping label and its writers."""

from packstation.documents.label.orders import FORMATS, render, render_units

__all__ = ["FORMATS", "render", "render_units"]
