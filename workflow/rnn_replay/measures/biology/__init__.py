"""Measures of decoded replay that recordings from animals are described by, and the predecessor paper's own."""
