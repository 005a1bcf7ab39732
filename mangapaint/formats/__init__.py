"""Files in and out: pictures, palettes, and safe writing. Knows the document, not the window and not the networks."""
