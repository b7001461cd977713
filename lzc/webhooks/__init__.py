"""Telling systems of events by a signed POST."""
