"""Learning a series in the window: choosing its pictures, watching it being learned, using it."""
