"""Tables: CSV, Excel and Parquet files, how they are written, and which column is what."""
