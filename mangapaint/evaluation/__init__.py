"""How good and how fast colouring is: metrics, simulated hints, benchmarks."""
