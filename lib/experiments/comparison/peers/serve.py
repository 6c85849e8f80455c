"""Fits the methods of one library to rows that Sparsemble sends: `python3 serve.py MODULE`.

MODULE is a file beside this one. It has a VERSION and PEERS: for every method a function of the request,
the training features and the target that returns a fitted estimator. It may have a function `prepare` that
turns features into what the library takes.

Answers with one line of JSON: the version, or the reason why the library is missing. Then, for every
request (one line of JSON with peer, task, seed, rows, columns, testRows, categorical and
leastProbability, followed by the training features as 32-bit floats, the training labels as 32-bit
integers or the training targets as floats, the test features as floats, and for classes the test labels),
answers with one line: what was predicted, for classes the log loss, the processor seconds of fitting and
of predicting, and the bytes of the pickled model; or an error.

Missing values are NaN. One thread. Python 3.9 or newer.
"""

import importlib
import json
import os
import pickle
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
warnings.filterwarnings("ignore")

# What a library prints is no answer.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def answer(value):
    print(json.dumps(value), file=answers, flush=True)


def dense_codes(train, test, columns):
    """Codes from 0 for the categories of the training rows; all others are missing values."""
    import numpy as np

    for column in columns:
        known = np.unique(train[:, column])
        known = known[known >= 0]
        for part in (train, test):
            codes = part[:, column]
            place = np.searchsorted(known, codes)
            found = np.isin(codes, known)
            part[:, column] = np.where(found, place, np.nan)


def log_loss(probabilities, classes, labels, least):
    # By hand: a class that has no training row has no column, and the probability 0.
    import numpy as np

    place = {int(label): column for column, label in enumerate(classes)}
    true = [
        row[place[label]] if label in place else 0.0
        for row, label in zip(probabilities, labels.tolist())
    ]
    return float(-np.log(np.maximum(true, least)).mean())


def fit_and_predict(library, request, train, target, test, labels):
    import numpy as np

    is_regression = request["task"] == "regression"
    dense_codes(train, test, request["categorical"])
    if not is_regression:
        # Some libraries want classes from 0 without gaps.
        classes, target = np.unique(target, return_inverse=True)
    if hasattr(library, "prepare"):
        train, test = (library.prepare(part, request) for part in (train, test))
    began = time.process_time()
    estimator = library.PEERS[request["peer"]](request, train, target)
    fitted = time.process_time()
    predicted = np.asarray(estimator.predict(test)).reshape(-1)
    done = time.process_time()
    result = {
        "fitSeconds": fitted - began,
        "predictSeconds": done - fitted,
        "modelBytes": len(pickle.dumps(estimator)),
        **getattr(estimator, "told", {}),
    }
    if is_regression:
        return {"predicted": predicted.tolist(), **result}
    loss = log_loss(estimator.predict_proba(test), classes, labels, request["leastProbability"])
    return {"predicted": classes[predicted.astype(int)].tolist(), "logLoss": loss, **result}


def main():
    try:
        library = importlib.import_module(sys.argv[1])
        import numpy as np
    except Exception as error:
        answer({"reason": f"{type(error).__name__}: {error}"})
        return
    answer({"version": library.VERSION})
    source = sys.stdin.buffer

    def array(dtype, *shape):
        data = source.read(int(np.prod(shape)) * np.dtype(dtype).itemsize)
        return np.frombuffer(data, dtype=dtype).reshape(shape).copy()

    for line in source:
        request = json.loads(line)
        rows, columns, test_rows = request["rows"], request["columns"], request["testRows"]
        is_regression = request["task"] == "regression"
        train = array("<f4", rows, columns)
        target = array("<f4" if is_regression else "<i4", rows)
        test = array("<f4", test_rows, columns)
        labels = None if is_regression else array("<i4", test_rows)
        try:
            answer(fit_and_predict(library, request, train, target, test, labels))
        except Exception as error:
            answer({"error": f"{type(error).__name__}: {error}"})


main()
