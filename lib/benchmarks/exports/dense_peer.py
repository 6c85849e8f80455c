"""A dense network by scikit-learn, as C by emlearn: the narrowest that is as accurate as asked for.

Reads `peer.json` and arrays of 32-bit floats in a folder, writes `dense_0.h`, … and `dense.json`.
"""

import json
import sys
import warnings

import emlearn
import numpy as np
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")
# emlearn makes errors of underflows, which training has.
np.seterr(all="ignore")
folder = sys.argv[1]
with open(f"{folder}/peer.json") as file:
    wanted = json.load(file)


def rows(name):
    inputs = np.fromfile(f"{folder}/{name}.inputs", np.float32).reshape(-1, wanted["inputs"])
    return inputs, np.fromfile(f"{folder}/{name}.labels", np.int32)


def fitted(width, name):
    network = MLPClassifier((width, width), random_state=1, max_iter=150)
    return network.fit(*rows(name))


held = {}


def held_accuracy(width):
    if width not in held:
        held[width] = fitted(width, "fit").score(*rows("held"))
    return held[width]


def narrowest(accuracy):
    """The narrowest width that is as accurate on the held-out rows; where none is, the best.

    Without an accuracy: as the best of all widths, to half a point.
    """
    if accuracy is None:
        accuracy = max(map(held_accuracy, wanted["widths"])) - 0.005
    enough = next((width for width in wanted["widths"] if held_accuracy(width) >= accuracy), None)
    return max(held, key=held.get) if enough is None else enough


answers = []
for place, accuracy in enumerate(wanted["accuracies"]):
    width = narrowest(accuracy)
    network = fitted(width, "train")
    program = emlearn.convert(network, method="inline", dtype="float")
    program.save(file=f"{folder}/dense_{place}.h", name="dense")
    answers.append(
        {
            "width": width,
            "weights": int(sum(layer.size for layer in network.coefs_)),
            "held": held[width],
            "accuracy": network.score(*rows("test")),
        }
    )
with open(f"{folder}/dense.json", "w") as file:
    about = {"version": emlearn.__version__, "include": emlearn.includedir}
    json.dump({"answers": answers, **about}, file)
