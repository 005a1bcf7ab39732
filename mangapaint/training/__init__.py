"""Teaching networks: pictures, scenes, simulated hints, losses, the training loop."""
