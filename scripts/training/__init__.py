"""What `train_lora.py` is made of."""
