"""The stages as the commands run them: find what is there, build the stage, run it, say what came out. One file a command."""
