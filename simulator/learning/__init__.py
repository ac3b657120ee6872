"""How agents change: pairing, estimators of the gradient, the optimiser over the stack."""
