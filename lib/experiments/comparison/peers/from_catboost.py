"""CatBoost with default settings. It takes categories as strings."""

import catboost
import numpy as np
import pandas

VERSION = f"CatBoost {catboost.__version__}"


def prepare(features, request):
    if not request["categorical"]:
        return features
    frame = pandas.DataFrame(features)
    for column in request["categorical"]:
        codes = features[:, column]
        frame[column] = ["missing" if np.isnan(code) else str(int(code)) for code in codes]
    return frame


def fit(request, features, target):
    of = {"classification": catboost.CatBoostClassifier, "regression": catboost.CatBoostRegressor}
    return of[request["task"]](
        random_seed=request["seed"],
        thread_count=1,
        verbose=False,
        allow_writing_files=False,
        cat_features=request["categorical"],
    ).fit(features, target)


PEERS = {"CatBoost": fit}
