"""Each question that the paper left open, answered in one sentence with its number and interval."""

from pipeline.job import inputs, settings, write

from rnn_replay.questions.answer import answers_markdown, answers_table
from rnn_replay.questions.answers import answered, answers_dataset, answers_page
from rnn_replay.questions.tables import Tables

tables = Tables(**inputs())
table = answers_table(answered(tables, settings["claims"], settings["environments"], settings["demonstration"]))
write(answers_dataset(table), csv=table, markdown=answers_markdown(table) + "\n", page=answers_page(table))
