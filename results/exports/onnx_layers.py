"""Times ONNX files that differ in their layers alone, in turn in one process, by processor time.

python3 onnx_layers.py FOLDER: for every NAME in it, with NAME.dense.onnx, NAME.gather.onnx and NAME.auto.onnx, prints JSON.
"""
import glob
import json
import os
import sys
import time

import numpy
import onnxruntime

ROWS, ROUNDS = (1, 1000), 9
FORMS = ("dense", "gather", "auto")

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
record = {"onnxruntime": onnxruntime.__version__, "rounds": ROUNDS, "models": {}}
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.dense.onnx"))):
    name = os.path.basename(path).removesuffix(".dense.onnx")
    files = {form: path.replace(".dense.onnx", f".{form}.onnx") for form in FORMS}
    sessions = {
        form: onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        for form, file in files.items()
    }
    own = record["models"][name] = {"bytes": {f: os.path.getsize(files[f]) for f in FORMS}}
    for rows in ROWS:
        columns = sessions["dense"].get_inputs()[0].shape[1]
        random = numpy.random.default_rng(1)
        feeds = {"features": random.normal(size=(rows, columns)).astype("f4")}
        calls = 50 if rows == 1 else 1
        best = dict.fromkeys(FORMS, float("inf"))
        for _ in range(ROUNDS):
            for form, session in sessions.items():
                start = time.process_time()
                for _ in range(calls):
                    session.run(None, feeds)
                best[form] = min(best[form], (time.process_time() - start) / calls / rows)
        own[f"microseconds a row, {rows} at a time"] = {
            form: round(seconds * 1e6, 2) for form, seconds in best.items()
        }
print(json.dumps(record, indent=2))
