"""A random forest by scikit-learn, as C by m2cgen.

Reads `peer.json` and arrays of 32-bit floats in a folder, writes `forest.joblib`,
`forest.json` and, if a program is wanted, `forest.c`.
"""

import json
import sys

import joblib
import m2cgen
import numpy as np
from sklearn.ensemble import RandomForestClassifier

sys.setrecursionlimit(100_000)
folder = sys.argv[1]
with open(f"{folder}/peer.json") as file:
    wanted = json.load(file)


def rows(name):
    features = np.fromfile(f"{folder}/{name}.features", np.float32)
    return features.reshape(-1, wanted["columns"]), np.fromfile(f"{folder}/{name}.labels", np.int32)


forest = RandomForestClassifier(wanted["trees"], random_state=1).fit(*rows("train"))
joblib.dump(forest, f"{folder}/forest.joblib")
if wanted["program"]:
    with open(f"{folder}/forest.c", "w") as file:
        file.write(m2cgen.export_to_c(forest))
with open(f"{folder}/forest.json", "w") as file:
    accuracy = forest.score(*rows("test"))
    json.dump({"trees": wanted["trees"], "accuracy": accuracy}, file)
