"""Manga pictures drawn by our own code, with all that is true of them: ink, flats, shades, regions, identities."""
