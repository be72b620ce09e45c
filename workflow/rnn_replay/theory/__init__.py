"""Closed forms and quadrature for replay's sampler, and the simulations that must meet them.

Derivations: docs/theory.md.
"""
