"""XGBoost with default settings. Columns of categories are told to it."""

import xgboost

VERSION = f"XGBoost {xgboost.__version__}"


def fit(request, features, target):
    of = {"classification": xgboost.XGBClassifier, "regression": xgboost.XGBRegressor}
    types = ["c" if c in request["categorical"] else "q" for c in range(request["columns"])]
    return of[request["task"]](
        random_state=request["seed"], n_jobs=1, enable_categorical=True, feature_types=types
    ).fit(features, target)


PEERS = {"XGBoost": fit}
