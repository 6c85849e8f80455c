"""PyTorch: its linear layer with dense weights, and its products of compressed sparse rows (CSR)."""

from torch_layer import layer_cases, step_case

INSTALL = "pip install torch"


def cases(work):
    import torch

    def make_dense(layer):
        rows, columns = work.shape(layer)
        linear = torch.nn.Linear(columns, rows)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(work.dense(layer)))
            linear.bias.zero_()
        stored = work.rows(layer), work.csr(layer)[1]
        return linear, list(linear.parameters()), lambda: linear.weight.grad.numpy()[stored]

    def make_masked(layer):
        """The same, for the check of a step: what is not stored remains 0, as it does in ours."""
        linear, parameters, gradient = make_dense(layer)
        mask = (linear.weight.detach() != 0).float()
        linear.weight.register_hook(lambda grad: grad * mask)
        return linear, parameters, gradient

    def make_sparse(layer):
        indptr, indices, data = [torch.from_numpy(part.copy()) for part in work.csr(layer)]
        shape = work.shape(layer)
        values = data.requires_grad_()
        bias = torch.zeros(shape[0], 1, requires_grad=True)

        def forward(x):
            # Optimizers do not take sparse tensors. So the values are the parameter, and the matrix,
            # which stands on the left, as its product wants it, is a view of them.
            weights = torch.sparse_csr_tensor(indptr, indices, values, size=shape)
            return (weights @ x.T + bias).T

        return forward, [values, bias], lambda: values.grad.numpy()

    return "PyTorch " + torch.__version__, [
        *layer_cases(work, make_dense, "dense"),
        *layer_cases(work, make_sparse, "sparse"),
        step_case(work, make_dense, "dense", make_masked),
        step_case(work, make_sparse, "sparse"),
    ]
