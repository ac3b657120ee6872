"""Environments of continuous control: one file each."""
