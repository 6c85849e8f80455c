"""A dense network by scikit-learn, as C by emlearn: the smallest that is as accurate as asked for.

Reads `peer.json` and arrays of 32-bit floats in a folder, writes `dense.h` and `dense.json`.
"""

import json
import sys
import warnings

import emlearn
import numpy as np
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")
folder = sys.argv[1]
with open(f"{folder}/peer.json") as file:
    wanted = json.load(file)


def rows(name):
    inputs = np.fromfile(f"{folder}/{name}.inputs", np.float32).reshape(-1, wanted["inputs"])
    return inputs, np.fromfile(f"{folder}/{name}.labels", np.int32)


def fitted(width, name):
    network = MLPClassifier((width, width), early_stopping=True, random_state=1, max_iter=200)
    return network.fit(*rows(name))


tried = []
for width in wanted["widths"]:
    held = fitted(width, "fit").score(*rows("held"))
    tried.append({"width": width, "held": held})
    if held >= wanted["accuracy"]:
        break
best = max(tried, key=lambda one: one["held"]) if tried[-1]["held"] < wanted["accuracy"] else tried[-1]
network = fitted(best["width"], "train")
program = emlearn.convert(network, method="inline", dtype="float")
program.save(file=f"{folder}/dense.h", name="dense")
weights = sum(layer.size for layer in network.coefs_)
with open(f"{folder}/dense.json", "w") as file:
    json.dump(
        {
            "tried": tried,
            "width": best["width"],
            "weights": int(weights),
            "test": network.score(*rows("test")),
            "version": emlearn.__version__,
            "include": emlearn.includedir,
        },
        file,
    )
