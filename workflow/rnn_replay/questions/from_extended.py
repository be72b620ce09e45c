"""Answers that the extended run gives: R2, R3, R5 and R9."""
