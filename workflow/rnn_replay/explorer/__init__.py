"""The explorer: one page without a network, in which a reader picks a setting and sees its replays move."""
