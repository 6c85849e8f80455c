"""LightGBM with default settings. Columns of categories are told to it."""

import lightgbm

VERSION = f"LightGBM {lightgbm.__version__}"


def fit(request, features, target):
    of = {"classification": lightgbm.LGBMClassifier, "regression": lightgbm.LGBMRegressor}
    estimator = of[request["task"]](random_state=request["seed"], n_jobs=1, verbose=-1)
    return estimator.fit(features, target, categorical_feature=request["categorical"])


PEERS = {"LightGBM": fit}
