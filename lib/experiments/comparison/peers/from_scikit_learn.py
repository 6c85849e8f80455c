"""scikit-learn's tree ensembles with default settings, but for the number of trees."""

import sklearn
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline

VERSION = f"scikit-learn {sklearn.__version__}"


def boosting(request, features, target):
    of = {"classification": HistGradientBoostingClassifier, "regression": HistGradientBoostingRegressor}
    return of[request["task"]](random_state=request["seed"]).fit(features, target)


def forest(classifier, regressor):
    def fit(request, features, target):
        of = {"classification": classifier, "regression": regressor}
        estimator = of[request["task"]](300, random_state=request["seed"], n_jobs=1)
        if request["hasMissing"]:
            estimator = make_pipeline(SimpleImputer(strategy="median"), estimator)
        return estimator.fit(features, target)

    return fit


PEERS = {
    "HistGradientBoosting": boosting,
    "RandomForest (300)": forest(RandomForestClassifier, RandomForestRegressor),
    "ExtraTrees (300)": forest(ExtraTreesClassifier, ExtraTreesRegressor),
}
