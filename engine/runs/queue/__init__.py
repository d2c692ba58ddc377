"""The queue: runs that wait to be trained, in an order that every process keeps to."""
