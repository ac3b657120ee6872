"""Faults on purpose: one file for each kind; `benchmarks/chaos.py` tries them all."""
