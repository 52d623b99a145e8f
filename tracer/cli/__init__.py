"""The command line: thin glue between files, the engine and the rendering room."""
