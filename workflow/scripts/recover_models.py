"""Which model of a path is found in synthetic paths whose model is known."""

from pipeline.job import settings, write

from rnn_replay.measures.biology.recovery import recovery

write(csv=recovery(**settings))
