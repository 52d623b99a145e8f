"""Files in and out: problems, sheets, traces, reports and runs.

Here and only here words of a file become objects, and a mistake in a file gets its line and
column.  Read by the roof.
"""
