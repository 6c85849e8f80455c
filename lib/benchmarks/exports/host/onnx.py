"""Times an ONNX file of one input: python3 onnx.py FILE ROWS OUTPUT prints microseconds of a row."""

import json
import sys

import numpy
import onnxruntime
from timed import timed

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
[features] = session.get_inputs()
columns = features.shape[1]
rows = numpy.fromfile(sys.argv[2], "f4").reshape(-1, columns)

one = timed(lambda i: session.run(sys.argv[3:], {features.name: rows[i : i + 1]}), 300)
many = timed(lambda _: session.run(sys.argv[3:], {features.name: rows}), 5)
print(json.dumps([one, many / len(rows)]))
