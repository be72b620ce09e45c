"""One module per figure, and the style that they share. Nothing here imports PyTorch."""
