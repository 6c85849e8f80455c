"""
A dense multilayer perceptron of scikit-learn or of PyTorch, on one thread: the processor seconds of each epoch, and
the peak of resident memory. Called by peers.ts, in a process of its own.

python3 dense_peer.py NAME FOLDER ROWS COLUMNS EPOCHS WIDTH WIDTH WIDTH
"""

import json
import resource
import sys
import time

import numpy as np

NAME, FOLDER, *NUMBERS = sys.argv[1:]
ROWS, COLUMNS, EPOCHS, *WIDTHS = map(int, NUMBERS)
RATE, MOMENTUM, BATCH = 2e-4, 0.9, 32

X = np.fromfile(f"{FOLDER}/features.f32", dtype="<f4").reshape(ROWS, COLUMNS)
y = np.fromfile(f"{FOLDER}/labels.i32", dtype="<i4").astype(np.int64)
CLASSES = np.unique(y)


def peak_bytes():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def scikit_learn():
    network = sklearn.neural_network.MLPClassifier(
        hidden_layer_sizes=WIDTHS, activation="relu", solver="sgd", alpha=0, batch_size=BATCH,
        learning_rate_init=RATE, momentum=MOMENTUM, nesterovs_momentum=False, random_state=1,
    )
    return sklearn.__version__, lambda: network.partial_fit(X, y, classes=CLASSES), lambda: network.loss_


def pytorch():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    sizes = [COLUMNS, *WIDTHS]
    hidden = [
        part
        for inputs, outputs in zip(sizes, sizes[1:])
        for part in (torch.nn.Linear(inputs, outputs), torch.nn.ReLU())
    ]
    network = torch.nn.Sequential(*hidden, torch.nn.Linear(sizes[-1], len(CLASSES)))
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE, momentum=MOMENTUM)
    rows, labels = torch.from_numpy(X), torch.from_numpy(y)
    last = [float("nan")]

    def epoch():
        order = torch.randperm(ROWS)
        for start in range(0, ROWS, BATCH):
            batch = order[start : start + BATCH]
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(network(rows[batch]), labels[batch])
            loss.backward()
            optimizer.step()
            last[0] = loss.item()

    return torch.__version__, epoch, lambda: last[0]


if NAME == "PyTorch":
    import torch
else:
    import sklearn.neural_network
before = peak_bytes()
version, epoch, loss = {"scikit-learn": scikit_learn, "PyTorch": pytorch}[NAME]()
seconds = []
for _ in range(EPOCHS):
    began = time.process_time()
    epoch()
    seconds.append(time.process_time() - began)
print(json.dumps({
    "version": version,
    "seconds": seconds,
    "bytesBefore": before,
    "peakBytes": peak_bytes(),
    "loss": float(loss()),
}))
