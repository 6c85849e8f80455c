"""A dense network by scikit-learn, as C by emlearn: the narrowest that is as accurate as asked for.

Reads `peer.json` and arrays of 32-bit floats in a folder, writes `dense_0.h`, … and `dense.json`. If onnx
is installed, it also writes `dense_0.onnx`, … for onnxruntime.
"""

import json
import sys
import warnings

import emlearn
import numpy as np
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")
# emlearn makes errors of underflows, which training has.
np.seterr(all="ignore")
folder = sys.argv[1]
with open(f"{folder}/peer.json") as file:
    wanted = json.load(file)


def rows(scaling, name):
    inputs = np.fromfile(f"{folder}/{scaling}.{name}.inputs", np.float32)
    labels = np.fromfile(f"{folder}/{name}.labels", np.int32)
    return inputs.reshape(-1, wanted["inputs"]), labels


def fitted(width, scaling, name):
    network = MLPClassifier((width, width), random_state=1, max_iter=150)
    return network.fit(*rows(scaling, name))


# The narrowest first, and of equal widths the cheaper scaling.
choices = [(width, scaling) for width in wanted["widths"] for scaling in wanted["scalings"]]
held = {}
if not all(isinstance(one, dict) for one in wanted["accuracies"]):
    for choice in choices:
        held[choice] = fitted(*choice, "fit").score(*rows(choice[1], "held"))


def narrowest(accuracy):
    """The narrowest that is as accurate on the held-out rows; where none is, the best.

    Without an accuracy: as the best of all, to half a point. A network that was found before is itself.
    """
    if isinstance(accuracy, dict):
        choice = accuracy["width"], accuracy["scaling"]
        held[choice] = accuracy["held"]
        return choice
    if accuracy is None:
        accuracy = max(held.values()) - 0.005
    enough = next((choice for choice in choices if held[choice] >= accuracy), None)
    return max(held, key=held.get) if enough is None else enough


def write_onnx(network, inputs, file):
    """The network as matrix products of an ONNX file, from `x` to `probabilities`."""
    try:
        from onnx import TensorProto, helper, numpy_helper, save_model
    except ImportError:
        return
    nodes, arrays, at = [], [], "x"
    last = len(network.coefs_) - 1
    for layer, (weights, bias) in enumerate(zip(network.coefs_, network.intercepts_)):
        if layer == last and weights.shape[1] == 1:
            # Of two classes scikit-learn has one logit.
            weights = np.hstack([np.zeros_like(weights), weights])
            bias = np.concatenate([[0], bias])
        for name, array in (("weights", weights), ("bias", bias)):
            arrays.append(numpy_helper.from_array(array.astype(np.float32), f"{name}_{layer}"))
        nodes.append(helper.make_node("Gemm", [at, f"weights_{layer}", f"bias_{layer}"], [f"sum_{layer}"]))
        at = f"output_{layer}" if layer < last else "probabilities"
        nodes.append(helper.make_node("Relu" if layer < last else "Softmax", [f"sum_{layer}"], [at]))
    tensor = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "dense",
        [tensor("x", TensorProto.FLOAT, [None, inputs])],
        [tensor("probabilities", TensorProto.FLOAT, [None, None])],
        arrays,
    )
    save_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), file)


answers = []
for place, accuracy in enumerate(wanted["accuracies"]):
    width, scaling = narrowest(accuracy)
    network = fitted(width, scaling, "train")
    program = emlearn.convert(network, method="inline", dtype="float")
    program.save(file=f"{folder}/dense_{place}.h", name="dense")
    write_onnx(network, wanted["inputs"], f"{folder}/dense_{place}.onnx")
    answers.append(
        {
            "width": width,
            "scaling": scaling,
            "weights": int(sum(layer.size for layer in network.coefs_)),
            "held": held[width, scaling],
            "accuracy": network.score(*rows(scaling, "test")),
        }
    )
with open(f"{folder}/dense.json", "w") as file:
    json.dump({"answers": answers, "include": emlearn.includedir}, file)
