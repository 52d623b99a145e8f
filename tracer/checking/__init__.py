"""Checking: every written number judged, the first mistake named with its cause."""
