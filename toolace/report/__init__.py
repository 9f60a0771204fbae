"""What is in a workspace, in figures: streamed from its shards into tables, for the terminal and for one HTML page."""
