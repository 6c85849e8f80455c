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


def rows(scaling, name):
    inputs = np.fromfile(f"{folder}/{scaling}.{name}.inputs", np.float32)
    labels = np.fromfile(f"{folder}/{name}.labels", np.int32)
    return inputs.reshape(-1, wanted["inputs"]), labels


def fitted(width, scaling, name):
    network = MLPClassifier((width, width), random_state=1, max_iter=150)
    return network.fit(*rows(scaling, name))


# The narrowest first, and of equal widths the cheaper scaling.
choices = [(width, scaling) for width in wanted["widths"] for scaling in wanted["scalings"]]
held = {choice: fitted(*choice, "fit").score(*rows(choice[1], "held")) for choice in choices}


def narrowest(accuracy):
    """The narrowest that is as accurate on the held-out rows; where none is, the best.

    Without an accuracy: as the best of all, to half a point.
    """
    if accuracy is None:
        accuracy = max(held.values()) - 0.005
    enough = next((choice for choice in choices if held[choice] >= accuracy), None)
    return max(held, key=held.get) if enough is None else enough


answers = []
for place, accuracy in enumerate(wanted["accuracies"]):
    width, scaling = narrowest(accuracy)
    network = fitted(width, scaling, "train")
    program = emlearn.convert(network, method="inline", dtype="float")
    program.save(file=f"{folder}/dense_{place}.h", name="dense")
    answers.append(
        {
            "width": width,
            "scaling": scaling,
            "weights": int(sum(layer.size for layer in network.coefs_)),
            "held": held[width, scaling],
            "accuracy": network.score(*rows(scaling, "test")),
        }
    )
with open(f"{folder}/dense.json", "w") as file:
    about = {"version": emlearn.__version__, "include": emlearn.includedir}
    json.dump({"answers": answers, **about}, file)
