"""What the artist edits, as immutable values: page, strokes, palette, references, history. numpy only."""
