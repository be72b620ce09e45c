"""Benchmarks: this code against what a user would pick instead, in ratios that are taken alternately in one run.

`make bench` runs the files `bench_*.py` by pytest-benchmark and writes docs/benchmark.md from what they found. One of
them, after `make install` and `pip install -e ".[bench]"`, with the ratios of its contenders in bench.json:

    python -m pytest benchmarks/bench_training.py --benchmark-timer=time.process_time --benchmark-json=bench.json

Contenders: ours.py is this code, predecessor.py the loop of the predecessor and the same hoisted, scan.py JAX,
products.py the bare products; problem.py is what all compute. ROUNDS=1 only sees that all runs through.

What a GPU gives is in gpu.json, since most machines have none. On one that has, this makes it anew:

    python -m pytest benchmarks/bench_gpu.py --benchmark-json=benchmarks/gpu.json
"""
