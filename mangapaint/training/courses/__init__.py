"""What each network learns by, one file each: its example, its losses, its recipe."""
