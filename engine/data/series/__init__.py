"""Series: reading recordings and courses over time, and what a network receives of them."""
