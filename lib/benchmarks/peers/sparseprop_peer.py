"""SparseProp: PyTorch layers with sparse backpropagation on processors."""

from importlib.metadata import version

from torch_layer import layer_cases, step_case

INSTALL = "pip install torch ninja pybind11; pip install --no-build-isolation sparseprop"


def cases(work):
    import torch
    from sparseprop.modules import SparseLinear

    def make(layer):
        dense = torch.from_numpy(work.dense(layer))
        linear = SparseLinear(dense, torch.nn.Parameter(torch.zeros(len(dense))))
        nnz = len(work.csr(layer)[1])
        if len(linear.weight) != nnz:
            raise ValueError("it stores %d of %d weights" % (len(linear.weight), nnz))
        return linear, list(linear.parameters()), lambda: linear.weight.grad.numpy()

    return "SparseProp " + version("sparseprop"), [
        *layer_cases(work, make, "sparse"),
        step_case(work, make, "sparse"),
    ]
