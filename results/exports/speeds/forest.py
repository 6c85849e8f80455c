"""A random forest of scikit-learn's defaults, and as C by m2cgen.

python3 forest.py FOLDER fit COLUMNS TREES writes forest.joblib and forest.c, and prints what they are.
python3 forest.py FOLDER time COLUMNS prints microseconds of a row.
"""

import json
import sys
from importlib.metadata import version

import joblib
import numpy
from timed import timed

folder, what, columns = sys.argv[1], sys.argv[2], int(sys.argv[3])


def read(name):
    return numpy.fromfile(f"{folder}/{name}", "f4").reshape(-1, columns)


def labels(name):
    return numpy.fromfile(f"{folder}/{name}", "i4")


if what == "fit":
    import m2cgen
    from sklearn.ensemble import RandomForestClassifier

    sys.setrecursionlimit(100_000)
    forest = RandomForestClassifier(int(sys.argv[4]), random_state=1)
    forest.fit(read("train.features"), labels("train.labels"))
    joblib.dump(forest, f"{folder}/forest.joblib")
    with open(f"{folder}/forest.c", "w") as file:
        file.write(m2cgen.export_to_c(forest))
    accuracy = forest.score(read("test.features"), labels("test.labels"))
    names = ("onnxruntime", "scikit-learn", "m2cgen")
    print(json.dumps({"accuracy": accuracy, "versions": {name: version(name) for name in names}}))
else:
    forest = joblib.load(f"{folder}/forest.joblib")
    rows = read("rows")

    one = timed(lambda i: forest.predict_proba(rows[i : i + 1]), 100)
    print(json.dumps([one, timed(lambda _: forest.predict_proba(rows), 20) / len(rows)]))
