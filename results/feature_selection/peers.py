"""Columns that other selections choose: `peers.py TABLE NAME COUNT SEED` prints their places as JSON."""

import json
import sys

import numpy as np

path, name, count, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.float32)
X, y = table[:, :-1], table[:, -1].astype(int)
span = np.ptp(X, axis=0)
# Variance needs a common scale: every column fills [0, 1].
X = (X - X.min(axis=0)) / np.where(span > 0, span, 1)


def laplacian():
    """X. He, D. Cai and P. Niyogi, "Laplacian score for feature selection", 2005: smaller scores are better."""
    from sklearn.neighbors import kneighbors_graph

    graph = kneighbors_graph(X, 5, mode="distance")
    graph.data = np.exp(-(graph.data**2) / np.mean(graph.data**2))
    weights = graph.maximum(graph.T)
    degrees = np.asarray(weights.sum(axis=1)).ravel()
    centred = X - (degrees @ X) / degrees.sum()
    spread = (centred**2 * degrees[:, None]).sum(axis=0)
    rough = spread - (centred * (weights @ centred)).sum(axis=0)
    return -np.where(spread > 0, rough / np.where(spread > 0, spread, 1), np.inf)


def mutual_information():
    from sklearn.feature_selection import mutual_info_classif

    return mutual_info_classif(X, y, random_state=seed)


def random_forest():
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(random_state=seed).fit(X, y).feature_importances_


SCORES = {
    "variance": lambda: X.var(axis=0),
    "laplacian": laplacian,
    "mutual information": mutual_information,
    "random forest": random_forest,
    "at random": lambda: np.random.default_rng(seed).random(X.shape[1]),
    "all columns": lambda: np.zeros(X.shape[1]),
}
scores = SCORES[name]()
best = np.argsort(-scores, kind="stable")
print(json.dumps([int(place) for place in (best if name == "all columns" else best[:count])]))
