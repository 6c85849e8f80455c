"""Fits scikit-learn's tree ensembles, with default settings, to rows that Sparsemble sends.

Answers with one line of JSON that names the libraries it has. Then, for every request (one line of
JSON with rows, columns, testRows, seed, task and peer, followed by the training features as 32-bit
floats, the training labels as 32-bit integers or the training targets as floats, the test features
as floats, and for classes the test labels), answers with one line: what was predicted, for classes
the log loss, the processor seconds of fitting and of predicting, and the bytes of the pickled model.
Missing values are NaN; where there are any, forests get the medians of the training rows. One
thread. Python 3.9 or newer.
"""

import json
import os
import pickle
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
warnings.filterwarnings("ignore")


def answer(value):
    print(json.dumps(value), flush=True)


def peers():
    """Every peer as functions from a seed to an estimator, one for each task."""
    try:
        import sklearn
        from sklearn.ensemble import (
            ExtraTreesClassifier,
            ExtraTreesRegressor,
            HistGradientBoostingClassifier,
            HistGradientBoostingRegressor,
            RandomForestClassifier,
            RandomForestRegressor,
        )
    except ImportError as error:
        return {}, [{"name": "scikit-learn", "reason": str(error)}]
    found = {
        "HistGradientBoosting": {
            "classification": lambda seed: HistGradientBoostingClassifier(random_state=seed),
            "regression": lambda seed: HistGradientBoostingRegressor(random_state=seed),
        },
        "RandomForest (300)": {
            "classification": lambda seed: RandomForestClassifier(300, random_state=seed, n_jobs=1),
            "regression": lambda seed: RandomForestRegressor(300, random_state=seed, n_jobs=1),
        },
        "ExtraTrees (300)": {
            "classification": lambda seed: ExtraTreesClassifier(300, random_state=seed, n_jobs=1),
            "regression": lambda seed: ExtraTreesRegressor(300, random_state=seed, n_jobs=1),
        },
    }
    return found, [], f"scikit-learn {sklearn.__version__}"


def main():
    found, missing, *library = peers()
    answer({"peers": list(found), "missing": missing, "library": library[0] if library else None})
    if not found:
        return
    import numpy as np
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline

    source = sys.stdin.buffer

    def log_loss(estimator, features, labels, least):
        # By hand: a class that has no training row has no column, and the probability 0.
        place = {int(label): column for column, label in enumerate(estimator.classes_)}
        probabilities = estimator.predict_proba(features)
        true = [
            row[place[label]] if label in place else 0.0
            for row, label in zip(probabilities, labels.tolist())
        ]
        return float(-np.log(np.maximum(true, least)).mean())

    def array(dtype, *shape):
        count = int(np.prod(shape))
        data = source.read(count * np.dtype(dtype).itemsize)
        return np.frombuffer(data, dtype=dtype).reshape(shape)

    for line in source:
        request = json.loads(line)
        rows, columns, test_rows = request["rows"], request["columns"], request["testRows"]
        features = array("<f4", rows, columns)
        task = request["task"]
        target = array("<f4" if task == "regression" else "<i4", rows)
        test = array("<f4", test_rows, columns)
        estimator = found[request["peer"]][task](request["seed"])
        missing = np.isnan(features).any() or np.isnan(test).any()
        if missing and request["peer"] != "HistGradientBoosting":
            estimator = make_pipeline(SimpleImputer(strategy="median"), estimator)
        began = time.process_time()
        estimator.fit(features, target)
        fitted = time.process_time()
        predicted = estimator.predict(test)
        done = time.process_time()
        loss = {}
        if task == "classification":
            loss["logLoss"] = log_loss(
                estimator, test, array("<i4", test_rows), request["leastProbability"]
            )
        answer(
            {
                "predicted": predicted.tolist(),
                **loss,
                "fitSeconds": fitted - began,
                "predictSeconds": done - fitted,
                "modelBytes": len(pickle.dumps(estimator)),
            }
        )


main()
