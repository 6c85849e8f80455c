"""Times an ONNX file: python3 onnx.py FILE ROWS prints microseconds of a row."""

import json
import sys

import numpy
import onnxruntime
from timed import timed

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
columns = session.get_inputs()[0].shape[1]
rows = numpy.fromfile(sys.argv[2], "f4").reshape(-1, columns)

one = timed(lambda i: session.run(["probabilities"], {"features": rows[i : i + 1]}), len(rows))
many = timed(lambda _: session.run(["probabilities"], {"features": rows}), 20)
print(json.dumps([one, many / len(rows)]))
