"""Microseconds of the processor."""

import time


def timed(call, calls):
    """Microseconds of the processor for a call, after as many calls that do not count."""
    for i in range(calls):
        call(i)
    start = time.process_time()
    for i in range(calls):
        call(i)
    return (time.process_time() - start) / calls * 1e6
