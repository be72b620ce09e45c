"""Noisy recurrent networks that path-integrate, and what they do without input."""
