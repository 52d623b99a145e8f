"""Benchmarks: ratios beside a peer in the same run, interleaved; never a timed test."""
