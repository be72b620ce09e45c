"""Each question that the paper left open, answered in one sentence with its number and interval."""

from pipeline.job import inputs, settings, write

from rnn_replay.claims import table
from rnn_replay.questions.answer import Run
from rnn_replay.questions.register import COLUMNS, answered, answers_markdown, answers_page, answers_table

tables = inputs()
tables["claims"] = table.COLUMNS.of(tables["claims"])
run = Run(settings["claims"], settings["environments"], settings["tables"])
answers = answers_table(answered(tables, run, settings["demonstration"], settings["questions"]))
write(COLUMNS.dataset(answers), csv=answers, markdown=answers_markdown(answers) + "\n", page=answers_page(answers))
