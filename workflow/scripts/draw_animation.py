"""Film: awake paths beside replays of one seed."""

from pipeline.job import inputs, output, settings, write

from rnn_replay.figures.animation import Film, page, save_animation
from rnn_replay.figures.examples import examples_of

film = Film(examples_of(inputs(), settings))
save_animation(film, output["gif"])
write(csv=film.table.to_csv(index=False, float_format="%.6g"), page=page(output["gif"]))
