"""RealMLP-TD and TabM-D of pytabkit, with the default settings of that library.

Holzmüller, Grinsztajn and Steinwart, "Better by Default: Strong Pre-Tuned MLPs and Boosted Trees on Tabular
Data" (2024), https://arxiv.org/abs/2407.04491
Gorishniy, Kotelnikov and Babenko, "TabM: Advancing Tabular Deep Learning with Parameter-Efficient
Ensembling" (2025), https://arxiv.org/abs/2410.24210

By default RealMLP-TD is one network, which holds out a fifth of the training rows, chooses its epoch by
their accuracy, and never learns from them. It smooths the labels by 0.1. Its documentation advises
`val_metric_name="cross_entropy"` and `use_ls=False` where log loss counts: its log loss here is not the best
that it can have.
"""

from importlib.metadata import version

import torch
from pytabkit import (
    RealMLP_TD_Classifier,
    RealMLP_TD_Regressor,
    TabM_D_Classifier,
    TabM_D_Regressor,
)
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline

VERSION = f"pytabkit {version('pytabkit')} (PyTorch {torch.__version__})"
torch.set_num_threads(1)


def network(classifier, regressor):
    def fit(request, features, target):
        of = {"classification": classifier, "regression": regressor}
        estimator = of[request["task"]](
            device="cpu", random_state=request["seed"], n_threads=1, verbosity=0
        )
        if request["hasMissing"]:
            estimator = make_pipeline(SimpleImputer(strategy="median"), estimator)
        return estimator.fit(features, target)

    return fit


PEERS = {
    "RealMLP-TD": network(RealMLP_TD_Classifier, RealMLP_TD_Regressor),
    "TabM-D": network(TabM_D_Classifier, TabM_D_Regressor),
}
