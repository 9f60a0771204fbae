"""Planted defects: for each rule and expert, mutators that put its defect into a clean dialog."""
