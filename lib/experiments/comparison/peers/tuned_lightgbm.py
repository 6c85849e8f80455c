"""LightGBM, tuned by random search for as many processor seconds as another method took.

The space is that of Gorishniy, Rubachev, Kartashev, Shlenskii, Kotelnikov and Babenko, "TabR: Tabular Deep
Learning Meets Nearest Neighbors in 2023", https://arxiv.org/abs/2307.14338, as their settings have it:
https://github.com/yandex-research/tabular-dl-tabr, exp/lightgbm_/adult/2-tuning.toml. As there, a
configuration has at most 4000 trees and stops after 200 without a gain. `bagging_freq` is 1: at its default
of 0 the share of the rows would have no effect.

The default settings are the first configuration, as in Grinsztajn, Oyallon and Varoquaux, "Why do tree-based
models still outperform deep learning on typical tabular data?" (2022), https://arxiv.org/abs/2207.08815

Every fifth training row is held out, stratified by class. The configuration and the number of trees with
the least log loss (squared error) on these rows are chosen, and fitted again to all training rows. The time
of this last fit is set aside. The search ends where the time does, in the midst of a configuration: of that
one the trees so far count. The default configuration alone is never cut off.
"""

import math
import time

import lightgbm
import numpy as np

VERSION = f"LightGBM {lightgbm.__version__}"
HELD_OUT = 0.2
MOST_TREES = 4000
PATIENCE = 200


def log_uniform(random, low, high):
    return math.exp(random.uniform(math.log(low), math.log(high)))


def draw(random):
    return {
        "learning_rate": log_uniform(random, 1e-3, 1.0),
        "num_leaves": int(random.integers(4, 768, endpoint=True)),
        "min_sum_hessian_in_leaf": log_uniform(random, 1e-4, 100.0),
        "feature_fraction": random.uniform(0.5, 1.0),
        "bagging_fraction": random.uniform(0.5, 1.0),
        "bagging_freq": 1,
        "lambda_l2": 0.0 if random.random() < 0.5 else log_uniform(random, 0.1, 10.0),
    }


def held_out_rows(random, strata):
    """True for a fifth of the rows of every stratum, but never for all of one."""
    held_out = np.zeros(len(strata), dtype=bool)
    for stratum in np.unique(strata):
        rows = random.permutation(np.flatnonzero(strata == stratum))
        held_out[rows[: min(len(rows) - 1, round(HELD_OUT * len(rows)))]] = True
    return held_out


class Trial:
    """A configuration under way. LightGBM calls it after every tree."""

    def __init__(self, must_end):
        self.began = time.process_time()
        self.loss, self.trees, self.grown = math.inf, 1, 0
        self.must_end = must_end

    def refit_seconds(self):
        """Expected of the same configuration with its best number of trees, on all rows."""
        elapsed = time.process_time() - self.began
        return elapsed * self.trees / max(1, self.grown) / (1 - HELD_OUT)

    def __call__(self, environment):
        self.grown += 1
        loss = environment.evaluation_result_list[0][2]
        if loss < self.loss:
            self.loss, self.trees = loss, self.grown
        if self.grown - self.trees >= PATIENCE or self.must_end(self):
            raise lightgbm.callback.EarlyStopException(self.trees - 1, [])


class TunedLightGBM:
    """A booster with the face of a classifier or a regressor."""

    def __init__(self, booster, is_regression, told):
        self.booster, self.is_regression, self.told = booster, is_regression, told

    def predict_proba(self, features):
        outputs = self.booster.predict(features)
        return np.column_stack([1 - outputs, outputs]) if outputs.ndim == 1 else outputs

    def predict(self, features):
        if self.is_regression:
            return self.booster.predict(features)
        return self.predict_proba(features).argmax(axis=1)


def objective(request, target):
    if request["task"] == "regression":
        return {"objective": "regression", "metric": "l2"}
    classes = int(target.max()) + 1
    if classes <= 2:
        return {"objective": "binary", "metric": "binary_logloss"}
    return {"objective": "multiclass", "num_class": classes, "metric": "multi_logloss"}


def fit(request, features, target):
    end = time.process_time() + request["seconds"]
    random = np.random.default_rng(request["seed"])
    fixed = {
        **objective(request, target),
        "num_threads": 1,
        "seed": request["seed"],
        "verbosity": -1,
        "categorical_feature": request["categorical"],
    }

    def dataset(rows, of=None):
        made = lightgbm.Dataset(features[rows], target[rows], params=fixed, reference=of)
        return made.construct()

    strata = np.zeros(len(target)) if request["task"] == "regression" else target
    held_out = held_out_rows(random, strata)
    learning = dataset(~held_out)
    judging = dataset(held_out, learning)
    best, chosen, tried = None, {}, 0
    while best is None or time.process_time() + best.refit < end:
        settings = draw(random) if tried > 0 else {}
        set_aside = best.refit if best else 0

        def must_end(trial):
            needed = max(set_aside, trial.refit_seconds())
            return tried > 0 and time.process_time() + needed > end

        trial = Trial(must_end)
        trees = MOST_TREES if tried > 0 else 100
        lightgbm.train(
            {**fixed, **settings}, learning, trees, valid_sets=[judging], callbacks=[trial]
        )
        trial.refit = trial.refit_seconds()
        tried += 1
        if best is None or trial.loss < best.loss:
            best, chosen = trial, settings
    everything = dataset(np.ones(len(target), dtype=bool))
    booster = lightgbm.train({**fixed, **chosen}, everything, best.trees)
    told = {"tuning": {"configurations": tried, "trees": best.trees}}
    return TunedLightGBM(booster, request["task"] == "regression", told)


PEERS = {"LightGBM, tuned in as many seconds": fit}
