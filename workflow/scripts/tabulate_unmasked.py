"""What leakage gives without masking, along a path and over masks."""

from pipeline.job import job, read, settings, write

from collections import defaultdict

from rnn_replay.questions.unmasked import along_paths, over_masks, unmasked_table

environments, awake = defaultdict(dict), defaultdict(dict)
for dataset in read(job.input.environments):
    environments[dataset.attrs["environment"]][int(dataset.attrs["seed"])] = dataset
for dataset, leak in zip(read(job.input.replays), settings["leaks"], strict=True):
    for seed in dataset["seed"].values.tolist():
        awake[dataset.attrs["environment"]][leak, seed] = dataset[["awake_position"]].sel(seed=seed)
masks, along = over_masks(read(job.input.networks), environments, settings["claims"]), along_paths(awake, environments)
write(table=unmasked_table(masks, along, settings["claims"]["level"]), masks=masks, along=along)
