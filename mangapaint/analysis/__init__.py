"""What a page says by itself: kind, ink, edges, corners, palette, regions. numpy, cv2 and scipy only."""
