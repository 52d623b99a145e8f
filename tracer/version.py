"""The version of tracer, as the package, its command and its files tell it."""

VERSION = "0.1.0"
