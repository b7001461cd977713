"""Capacity by program."""
