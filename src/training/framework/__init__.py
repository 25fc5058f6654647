"""What all systems share: recipes, jobs, the training loop, scores, pictures and the scoreboard. See ../README.md."""
