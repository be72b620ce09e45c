"""Every reading of what the paper left open: what is compared with what, its values, and what follows from all."""
