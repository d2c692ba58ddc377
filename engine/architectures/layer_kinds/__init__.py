"""The layers family: what a layer list is made of, a file for each sort of layer."""
