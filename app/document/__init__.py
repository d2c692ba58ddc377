"""The experiment being edited and the records of runs: values that pages and views read."""
