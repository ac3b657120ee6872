"""Who talks: many agents as one stack of parameters, and the channel between them."""
