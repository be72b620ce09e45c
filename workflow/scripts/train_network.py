"""Train one network: one environment, variant and seed."""

from pipeline.job import job, made, read, settings, write

from pipeline import checkpoints
from rnn_replay.artifacts.environments import to_map, to_pool
from rnn_replay.artifacts.networks import to_dataset
from rnn_replay.model.awake import errors
from rnn_replay.model.decoding import Readout
from rnn_replay.model.training import Variant, train

names = job.wildcards
keys = {"seed": int(names.seed), "environment": names.environment, "name": names.variant}
variant, paths = Variant(**settings), read(job.input.environment)
path, provenance = job.output[0], made()
progress = {"checkpoint": checkpoints.resume(path, provenance), "keep": checkpoints.keeper(path, provenance)}
trained = train(to_pool(paths, "training").tracked, variant, **keys, **progress)
found = errors(trained, variant, to_pool(paths, "test"), Readout.from_map(to_map(paths)), **keys)
write(to_dataset(trained, found), keys)
checkpoints.discard(path)
