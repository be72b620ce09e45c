"""Benchmarks: this code against what a user would pick instead, in ratios that are taken alternately in one run.

`make bench` runs the files `bench_*.py` by pytest-benchmark and writes docs/benchmark.md from what they found.
"""
