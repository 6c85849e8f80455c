"""The columns that selections choose, judged by scikit-learn's extra trees on them.

    python3 results/feature_selection/study.py

writes scores.csv beside this file. It needs Deno, scikit-learn, and Bioresponse in the folder that SPARSEMBLE_DATA
names; without that, or with names of data sets behind the command, the others are done. `made:importance` is one
selection of a data set.

Every selection sees the training rows only, and runs in a process of its own, whose processor seconds and peak
memory are told, its start and the reading of its table included.
"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from sklearn.datasets import load_digits, make_classification
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.model_selection import train_test_split

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
SEEDS = (1, 2, 3)

OURS = {
    "strength": [],
    "strength, noise 0.2": ["--noise", "0.2"],
    "attention": ["--by", "attention"],
    "importance": ["--target", "y"],
}
PEERS = ("variance", "laplacian", "mutual information", "random forest", "at random", "all columns")


def madelon(seed):
    """20 of 500 columns are relevant: 5 span the classes, 15 are mixtures of these. A table for every seed."""
    X, y = make_classification(
        2600, 500, n_informative=5, n_redundant=15, n_classes=2, n_clusters_per_class=16, flip_y=0.01,
        shuffle=False, random_state=seed,
    )
    order = np.random.default_rng(seed).permutation(500)
    return X[:, order], y, {int(place) for place in np.flatnonzero(order < 20)}


def digits(_):
    data = load_digits()
    return data.data, data.target, None


def bioresponse(_):
    path = pathlib.Path(os.environ["SPARSEMBLE_DATA"]) / "Bioresponse.csv.gz"
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1].astype(int), None


DATA = {"made": (madelon, 20), "digits": (digits, 16), "bioresponse": (bioresponse, 50)}


# A small process between: the peak memory of a child counts that of the process it was forked from.
LAUNCHER = """
import json, resource, subprocess, sys
status = subprocess.run(sys.argv[2:]).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump([usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000], file)
sys.exit(status)
"""


def measured(command):
    """Runs a command. Gives its output, processor seconds and peak memory in MB."""
    with tempfile.NamedTemporaryFile("r") as usage:
        launch = [sys.executable, "-S", "-c", LAUNCHER, usage.name, *command]
        said = subprocess.run(launch, stdout=subprocess.PIPE, cwd=PROJECT, check=True, text=True).stdout
        return said, *json.load(usage)


def ours(options, folder, count, seed):
    task = json.loads((PROJECT / "deno.json").read_text())["tasks"]["select-features"]["command"]
    table = "labelled.csv" if "--target" in options else "features.csv"
    words = [str(folder / table), "-k", str(count), "--seed", str(seed), "--json", "--quiet", *options]
    said, seconds, megabytes = measured([*task.split(), *words])
    return [int(name[1:]) for name in json.loads(said)["chosen"]], seconds, megabytes


def peer(name, folder, count, seed):
    words = [str(folder / "labelled.csv"), name, str(count), str(seed)]
    said, seconds, megabytes = measured([sys.executable, str(HERE / "peers.py"), *words])
    return json.loads(said), seconds, megabytes


def write_tables(X, y, folder):
    names = [f"x{column}" for column in range(X.shape[1])]
    for name, columns, rows in [
        ("features.csv", names, X), ("labelled.csv", [*names, "y"], np.column_stack([X, y])),
    ]:
        np.savetxt(folder / name, rows, fmt="%.7g", delimiter=",", header=",".join(columns), comments="")


def main():
    wanted = sys.argv[1:] or [name for name in DATA if name != "bioresponse" or "SPARSEMBLE_DATA" in os.environ]
    path = HERE / "scores.csv"
    head = ["data", "seed", "selection", "columns", "recall", "accuracy", "seconds", "megabytes"]
    kept = list(csv.reader(path.open()))[1:] if path.exists() else []
    kept = [row for row in kept if row[0] not in wanted and f"{row[0]}:{row[2]}" not in wanted]
    for asked in wanted:
        name, _, only = asked.partition(":")
        make, count = DATA[name]
        for seed in SEEDS:
            X, y, relevant = make(seed)
            X = X.astype(np.float32)
            X, X_test, y, y_test = train_test_split(X, y, test_size=0.25, stratify=y, random_state=seed)
            with tempfile.TemporaryDirectory() as made:
                folder = pathlib.Path(made)
                write_tables(X, y, folder)
                for selection in [only] if only else [*OURS, *PEERS]:
                    choose = ours if selection in OURS else peer
                    chosen, seconds, megabytes = choose(OURS.get(selection, selection), folder, count, seed)
                    trees = ExtraTreesClassifier(random_state=seed).fit(X[:, chosen], y)
                    accuracy = trees.score(X_test[:, chosen], y_test)
                    recall = "" if relevant is None else len(relevant & set(chosen[:20])) / 20
                    if selection == "all columns":
                        recall = ""
                    row = [name, seed, selection, len(chosen), recall, f"{accuracy:.5f}"]
                    kept.append([*row, f"{seconds:.1f}", f"{megabytes:.0f}"])
                    print(*kept[-1], file=sys.stderr)
                    with path.open("w", newline="") as file:
                        csv.writer(file, lineterminator="\n").writerows([head, *kept])


main()
