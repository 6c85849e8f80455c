"""Times a random forest of scikit-learn: python3 forest.py FILE ROWS COLUMNS prints microseconds of a row."""

import json
import sys

import joblib
import numpy
from timed import timed

forest = joblib.load(sys.argv[1])
rows = numpy.fromfile(sys.argv[2], "f4").reshape(-1, int(sys.argv[3]))

one = timed(lambda i: forest.predict_proba(rows[i : i + 1]), 50)
print(json.dumps([one, timed(lambda _: forest.predict_proba(rows), 5) / len(rows)]))
