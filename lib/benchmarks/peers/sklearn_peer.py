"""scikit-learn: a training step of its dense multilayer perceptron."""

from peer_work import Case

INSTALL = "pip install scikit-learn"


def cases(work):
    import numpy as np
    import sklearn
    from sklearn.neural_network import MLPClassifier

    features, labels = work.arrays["features"].T.copy(), work.arrays["labels"]
    model = MLPClassifier(
        hidden_layer_sizes=tuple(work.sizes[1:-1]), solver="sgd", batch_size=work.batch,
        learning_rate_init=0.001, momentum=work.momentum, random_state=1,
    )
    model.partial_fit(features, labels, classes=np.arange(work.sizes[-1]))
    reason = "it draws its own weights, and its activation is not the network's"
    run = lambda: model.partial_fit(features, labels)
    return "scikit-learn " + sklearn.__version__, [Case("dense training step", run, lambda: reason)]
