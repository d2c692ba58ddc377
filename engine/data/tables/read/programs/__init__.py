"""Tables of other programs, a file each: Weka, NumPy, Parquet, logs of boards."""
