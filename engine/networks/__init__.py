"""Networks: the torch modules that architectures are made of."""
