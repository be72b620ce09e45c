"""The paper's claims: contrasts, statistics, verdicts, and their table."""
