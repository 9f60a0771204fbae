"""What `eval_bfcl.py` and `eval_apibank.py` share: questions put to a model, its answers kept, scores."""
