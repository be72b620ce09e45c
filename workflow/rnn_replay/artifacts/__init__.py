"""What the stages hand on: netCDF files that carry units, provenance and a digest of their content."""

from rnn_replay.artifacts.netcdf import Corrupt, NotWritten, read, variable, write, write_text
from rnn_replay.artifacts.provenance import made, provenance, record

__all__ = ["Corrupt", "NotWritten", "made", "provenance", "read", "record", "variable", "write", "write_text"]
