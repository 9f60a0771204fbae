"""toolace: verified function-calling training data from your own documents and tools."""

__version__ = "0.1.0"
