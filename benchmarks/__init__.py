"""What is claimed about speed, each claim beside its floor in the same run, as a ratio."""
