"""Times an ONNX file: python3 onnx.py FILE ROWS prints microseconds of a row."""

import json
import sys
import time

import numpy
import onnxruntime

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
columns = session.get_inputs()[0].shape[1]
rows = numpy.fromfile(sys.argv[2], "f4").reshape(-1, columns)


def timed(call, calls):
    for i in range(calls):
        call(i)
    start = time.process_time()
    for i in range(calls):
        call(i)
    return (time.process_time() - start) / calls * 1e6


one = timed(lambda i: session.run(["probabilities"], {"features": rows[i : i + 1]}), len(rows))
many = timed(lambda _: session.run(["probabilities"], {"features": rows}), 20)
print(json.dumps([one, many / len(rows)]))
