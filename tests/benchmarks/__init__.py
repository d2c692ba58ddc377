"""Benchmarks: `python -m tests.benchmarks [--json] [--quick] [NAME ...]`, one topic a file."""
