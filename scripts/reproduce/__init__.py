"""The paper's ablations at the size of a laptop: cells (variant x seed), a table and a picture of what they give."""
