"""What is in a workspace, in figures: streamed from its shards into tables, shown on the terminal and on one HTML page."""
