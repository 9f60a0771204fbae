"""Reads the documents that stage 1 starts from, told apart by their content."""

from toolace.synth_apis.documents.document import Document, Operation, Skipped
from toolace.synth_apis.documents.reading import read_documents, read_tools

__all__ = ["Document", "Operation", "Skipped", "read_documents", "read_tools"]
