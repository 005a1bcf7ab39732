"""The window. The only Qt."""
