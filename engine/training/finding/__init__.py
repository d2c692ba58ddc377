"""Finding: settings that are found by trying them on the network and data of an experiment."""
