"""The networks that learn from a series, one file each. They import torch, so methods import them only to run."""
