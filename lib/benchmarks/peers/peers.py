"""Times what other libraries take for the work that Sparsemble's benchmarks do.

Reads one line of JSON with the sizes, answers with one line that names the cases and what is not
there; then, for every line "round", runs each case once more and answers with its milliseconds.
One thread each. Python 3.9 or newer; every library is optional.
"""

import json
import os
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
# Where these are set, they make OpenBLAS use kernels for another processor than the present one.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
warnings.filterwarnings("ignore")


def answer(value):
    print(json.dumps(value), flush=True)


def pattern(sizes):
    """A random matrix of the benchmark's density, and a batch, as NumPy arrays."""
    import numpy as np

    random = np.random.default_rng(1)
    n, nnz = sizes["neurons"], sizes["nnz"]
    flat = np.sort(random.choice(n * n, nnz, replace=False))
    indptr = np.searchsorted(flat, np.arange(n + 1) * n).astype(np.int32)
    indices = (flat % n).astype(np.int32)
    weights = random.uniform(-0.5, 0.5, nnz).astype(np.float32)
    batch = random.uniform(-0.5, 0.5, (n, sizes["batch"])).astype(np.float32)
    return indptr, indices, weights, batch


def scipy_cases(sizes):
    import scipy
    import scipy.sparse as sparse

    n = sizes["neurons"]
    indptr, indices, weights, batch = pattern(sizes)
    csr = sparse.csr_matrix((weights, indices, indptr), shape=(n, n))
    return "SciPy " + scipy.__version__, {"sparse forward": lambda: csr @ batch}


def torch_cases(sizes):
    import torch

    torch.set_num_threads(1)
    n = sizes["neurons"]
    indptr, indices, weights, batch = pattern(sizes)
    x = torch.from_numpy(batch.T.copy()).requires_grad_()
    dense = torch.nn.Linear(n, n)
    upstream = torch.ones(sizes["batch"], n)

    def dense_forward():
        with torch.no_grad():
            dense(x)

    def dense_both():
        x.grad = dense.weight.grad = dense.bias.grad = None
        dense(x).backward(upstream)

    values = [torch.from_numpy(part) for part in (indptr, indices, weights)]
    csr = torch.sparse_csr_tensor(*values, size=(n, n)).requires_grad_()
    xt = torch.from_numpy(batch).requires_grad_()
    ones = torch.ones(n, sizes["batch"])

    def sparse_forward():
        with torch.no_grad():
            csr @ xt

    def sparse_both():
        xt.grad = csr.grad = None
        (csr @ xt).backward(ones)

    cases = {
        "dense forward": dense_forward,
        "dense forward + backward": dense_both,
        "sparse forward": sparse_forward,
        "sparse forward + backward": sparse_both,
    }
    return "PyTorch " + torch.__version__, cases


def sklearn_cases(sizes):
    import numpy as np
    import sklearn
    from sklearn.neural_network import MLPClassifier

    layers, batch = sizes["layers"], sizes["batch"]
    random = np.random.default_rng(1)
    features = random.uniform(-0.5, 0.5, (batch, layers[0])).astype(np.float32)
    labels = np.arange(batch) % layers[-1]
    model = MLPClassifier(
        hidden_layer_sizes=tuple(layers[1:-1]), solver="sgd", batch_size=batch,
        learning_rate_init=0.001, momentum=0.9, random_state=1,
    )
    model.partial_fit(features, labels, classes=np.arange(layers[-1]))
    step = {"dense training step": lambda: model.partial_fit(features, labels)}
    return "scikit-learn " + sklearn.__version__, step


def main():
    sizes = json.loads(sys.stdin.readline())
    cases, missing = [], []
    for name, make in (
        ("SciPy", scipy_cases), ("PyTorch", torch_cases), ("scikit-learn", sklearn_cases),
    ):
        try:
            library, found = make(sizes)
        except ImportError as error:
            missing.append({"name": name, "reason": str(error).splitlines()[0]})
            continue
        for work, run in found.items():
            try:
                run()  # Warm-up, and the proof that it runs at all.
                cases.append((library, work, run))
            except (RuntimeError, ValueError, NotImplementedError, TypeError) as error:
                reason = (str(error).splitlines() or [type(error).__name__])[0]
                missing.append({"name": library + ": " + work, "reason": reason})
    answer({
        "cases": [{"library": library, "work": work} for library, work, _ in cases],
        "missing": missing,
    })
    for line in sys.stdin:
        if line.strip() != "round":
            break
        times = []
        for _, _, run in cases:
            started = time.perf_counter()
            run()
            times.append(1000 * (time.perf_counter() - started))
        answer(times)


main()
