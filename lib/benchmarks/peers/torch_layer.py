"""What PyTorch and the libraries on top of it have in common: a layer, and a network in training.

A library gives a function that makes a layer of the work: a module or a function from samples ×
inputs to samples × outputs, its parameters, and a function that returns the gradient of the stored
weights.
"""

from peer_work import Case, difference


def layer_cases(work, make, kind):
    """One layer, forward, and forward with both gradients."""
    import torch

    torch.set_num_threads(1)
    layer, parameters, weight_gradient = make("csr")
    x = torch.from_numpy(work.arrays["x"].T.copy()).requires_grad_()
    dz = torch.from_numpy(work.arrays["dz"].T.copy())

    def forward():
        with torch.no_grad():
            return layer(x)

    def both():
        x.grad = None
        for parameter in parameters:
            parameter.grad = None
        layer(x).backward(dz)

    def check_both():
        both()
        return max(
            difference(x.grad.numpy().T, work.arrays["dx"]),
            difference(weight_gradient(), work.arrays["gradient"]),
        )

    return [
        Case(kind + " forward", forward, lambda: difference(forward().numpy().T, work.arrays["out"])),
        Case(kind + " forward + backward", both, check_both),
    ]


def step_case(work, make, kind, make_checked=None):
    """A training step of the network: dropout, softmax and cross-entropy, momentum.

    The check is of the loss before and after a step without dropout, with layers that `make_checked`
    makes, if they have to be others.
    """
    import torch
    from torch.nn import functional

    features = torch.from_numpy(work.arrays["features"].T.copy())
    labels = torch.from_numpy(work.arrays["labels"]).long()

    def open_step(make, rate, dropout, decay):
        made = [make(layer) for layer in range(len(work.sizes) - 1)]
        parameters = [parameter for _, each, _ in made for parameter in each]
        optimizer = torch.optim.SGD(
            parameters, lr=rate, momentum=work.momentum, weight_decay=decay
        )

        def step():
            h = features
            for (layer, _, _), slope in zip(made, work.slopes):
                h = functional.leaky_relu(layer(h), slope)
                if dropout > 0:
                    h = functional.dropout(h, dropout)
            loss = functional.cross_entropy(made[-1][0](h), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            return loss.item()

        return step

    def check():
        step = open_step(make_checked or make, work.rate, 0, 0)
        return difference([step(), step()], work.losses)

    return Case(kind + " training step", open_step(make, 0.001, work.dropout, work.decay), check)
