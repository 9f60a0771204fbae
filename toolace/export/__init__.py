"""Stage 4: verified dialogs become the rows that a trainer loads, with a dataset card and recipes beside them."""
