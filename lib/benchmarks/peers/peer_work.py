"""The work that all libraries share: one layer, one network, their inputs, and what must come out."""

import json
import sys

import numpy as np


class Work:
    """The sizes and settings are attributes, the arrays stand in `arrays` by name."""

    def __init__(self, stream):
        header = json.loads(stream.readline())
        self.neurons = header["neurons"]
        self.batch = header["batch"]
        self.sizes = header["layers"]
        self.block_size = header["blockSize"]
        self.slopes = header["slopes"]
        self.dropout = header["dropout"]
        self.momentum = header["momentum"]
        self.decay = header["decay"]
        self.rate = header["rate"]
        self.losses = header["losses"]
        self.arrays = {}
        for name, kind, length in header["arrays"]:
            self.arrays[name] = np.frombuffer(bytearray(stream.read(4 * length)), dtype=kind)
        for name in ("x", "dz", "out", "dx", "blockOut"):
            self.arrays[name] = self.arrays[name].reshape(self.neurons, self.batch)
        self.arrays["features"] = self.arrays["features"].reshape(self.sizes[0], self.batch)

    def csr(self, layer):
        """indptr, indices and weights of the layer "csr", "blocks", or a number in the network."""
        return tuple(self.arrays["%s.%s" % (layer, part)] for part in ("indptr", "indices", "data"))

    def shape(self, layer):
        if isinstance(layer, int):
            return self.sizes[layer + 1], self.sizes[layer]
        return self.neurons, self.neurons

    def rows(self, layer):
        """The row of every weight."""
        indptr = self.csr(layer)[0]
        return np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))

    def dense(self, layer):
        """The weights as a dense matrix, 0 where there is none."""
        _, indices, data = self.csr(layer)
        matrix = np.zeros(self.shape(layer), np.float32)
        matrix[self.rows(layer), indices] = data
        return matrix


def difference(found, expected):
    """The largest difference as a share of the largest number that is expected."""
    found, expected = np.asarray(found), np.asarray(expected)
    if found.shape != expected.shape:
        return sys.float_info.max
    share = float(np.max(np.abs(found - expected)) / np.max(np.abs(expected)))
    return share if np.isfinite(share) else sys.float_info.max


class Case:
    """What is timed, and how far its result is from the expected one."""

    def __init__(self, work, run, check, library=None):
        self.work = work
        self.run = run
        # A function that returns the difference, or the reason why there is none to tell.
        self.check = check
        # A name that tells the case from others of the library.
        self.library = library


class Unsupported:
    """A work that the library has no functions for."""

    def __init__(self, work, reason):
        self.work = work
        self.reason = reason
