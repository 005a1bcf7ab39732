"""mangapaint: an interactive painting assistant for artists who colour manga pages."""

__version__ = "0.1.0"
