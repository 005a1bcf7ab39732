"""Draws the application's sample pictures: a manga page, a coloured reference of it, and hints."""
