"""Amounts: sizes by thousands behind numbers, rounded counts, and what is paid or used per time."""
