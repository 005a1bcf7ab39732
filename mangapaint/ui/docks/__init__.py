"""What stands in the docks at the right."""
