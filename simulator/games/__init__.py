"""What is talked about: referents, games, and their PettingZoo and Gymnasium faces."""
