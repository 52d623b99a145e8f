"""The command line: thin glue between files, the engine and the rendering room.

One file a command, listed in `group`; each imports what it needs when it is called, so that
``tracer --help`` pays for none of them.  Nothing is calculated here, and errors of the rooms
below are told by `group` without a traceback.
"""
