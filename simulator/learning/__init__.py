"""How agents change: the estimators of the speaker's gradient, and the optimiser over the stack."""
