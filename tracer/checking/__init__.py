"""Checking: every written number judged, the first mistake named with its cause.

Takes the trace of the right calculation and a sheet that `files` has read; gives a report
of the model's.  It never meets the engine that made the trace, and knows nothing of files
or pages.  Read by the roof, through `marking` alone.
"""
