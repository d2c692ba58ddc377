"""Fine-tuning: weights of others taken over, and parts of a network that rest."""
