"""Random forests by scikit-learn, as C by m2cgen, of several numbers of trees.

Reads `peer.json` and arrays of 32-bit floats in a folder, writes `forest_1.c`, … and `forest.json`.
"""

import json
import sys

import m2cgen
import numpy as np
import sklearn
from importlib.metadata import version
from sklearn.ensemble import RandomForestClassifier

sys.setrecursionlimit(100_000)
folder = sys.argv[1]
with open(f"{folder}/peer.json") as file:
    wanted = json.load(file)


def rows(name):
    features = np.fromfile(f"{folder}/{name}.features", np.float32)
    return features.reshape(-1, wanted["columns"]), np.fromfile(f"{folder}/{name}.labels", np.int32)


answers = []
for trees in wanted["trees"]:
    forest = RandomForestClassifier(trees, random_state=1).fit(*rows("train"))
    with open(f"{folder}/forest_{trees}.c", "w") as file:
        file.write(m2cgen.export_to_c(forest))
    answers.append({"trees": trees, "accuracy": forest.score(*rows("test"))})
with open(f"{folder}/forest.json", "w") as file:
    about = {"version": version("m2cgen"), "scikitLearn": sklearn.__version__}
    json.dump({"answers": answers, **about}, file)
