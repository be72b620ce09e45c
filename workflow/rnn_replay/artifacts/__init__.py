"""What the stages hand on: netCDF files that carry units, provenance and a digest of their content."""

from rnn_replay.artifacts.netcdf import Corrupt, read, variable, write

__all__ = ["Corrupt", "read", "variable", "write"]
