"""What the stages hand on: netCDF files that carry units, provenance and a digest of their content."""

from rnn_replay.artifacts.netcdf import (
    Corrupt,
    NotWritten,
    put,
    read,
    replacing,
    temporary,
    variable,
    write,
    write_text,
)

__all__ = ["Corrupt", "NotWritten", "put", "read", "replacing", "temporary", "variable", "write", "write_text"]
