"""SparseLab: PyTorch layers of compressed sparse rows with room to grow."""

from importlib.metadata import version

from torch_layer import layer_cases, step_case

INSTALL = "pip install sparselab"


def cases(work):
    import numpy as np
    import sparselab
    import torch

    def make(layer):
        rows, columns = work.shape(layer)
        linear = sparselab.SparseLinear(columns, rows, sparsity=0.9)
        # Its constructor draws the connections. These are the work's.
        csr = sparselab.PaddedCSR.from_dense(torch.from_numpy(work.dense(layer)))
        linear._csr = csr
        linear._values = torch.nn.Parameter(torch.from_numpy(np.asarray(csr.values)))
        with torch.no_grad():
            linear.bias.zero_()
        nnz = len(work.csr(layer)[1])
        if linear.nnz != nnz:
            raise ValueError("it stores %d of %d weights" % (linear.nnz, nnz))
        starts = np.repeat(np.asarray(csr.row_start), np.asarray(csr.row_nnz))
        indptr = work.csr(layer)[0]
        slots = starts + np.arange(nnz) - indptr[work.rows(layer)]
        return linear, list(linear.parameters()), lambda: linear._values.grad.numpy()[slots]

    return "SparseLab " + version("sparselab"), [
        *layer_cases(work, make, "sparse"),
        step_case(work, make, "sparse"),
    ]
