"""Times what other libraries take for the work that Sparsemble's benchmarks do.

Reads one line of JSON with the sizes and, after it, the arrays; answers with one line that names the
cases and what is not there. Then, for every line "round", it runs each case some times more and
answers with the milliseconds of one. One thread each. Python 3.9 or newer; every library is optional.
"""

import importlib
import json
import os
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
# Where these are set, they make OpenBLAS use kernels for another processor than the present one.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
warnings.filterwarnings("ignore")
# The files of the libraries leave nothing beside themselves.
sys.dont_write_bytecode = True

# What libraries print goes where errors go, so that every line is an answer.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

# The libraries by the file of each.
PEERS = {
    "scipy_peer": "SciPy",
    "torch_peer": "PyTorch",
    "sparselab_peer": "SparseLab",
    "sparseprop_peer": "SparseProp",
    "sklearn_peer": "scikit-learn",
}


def answer(value):
    print(json.dumps(value), file=ANSWERS, flush=True)


def first_line(error):
    return (str(error).splitlines() or [type(error).__name__])[0]


def main():
    try:
        import numpy  # noqa: F401
    except ImportError as error:
        reason, install = first_line(error), "pip install numpy"
        names = ", ".join(PEERS.values())
        answer({"cases": [], "missing": [{"name": names, "reason": reason, "install": install}]})
        return
    from peer_work import Unsupported, Work

    work = Work(sys.stdin.buffer)
    runs, told, missing = [], [], []
    for module, name in PEERS.items():
        peer = importlib.import_module(module)
        try:
            library, cases = peer.cases(work)
        except ImportError as error:
            missing.append({"name": name, "reason": first_line(error), "install": peer.INSTALL})
            continue
        except Exception as error:
            # A version with other functions, say.
            missing.append({"name": name, "reason": first_line(error)})
            continue
        for case in cases:
            if isinstance(case, Unsupported):
                missing.append({"name": library + ": " + case.work, "reason": case.reason})
                continue
            case_library = case.library or library
            try:
                checked = case.check()
                case.run()
            except Exception as error:
                missing.append({"name": case_library + ": " + case.work, "reason": first_line(error)})
                continue
            key = "unchecked" if isinstance(checked, str) else "difference"
            told.append({"library": case_library, "work": case.work, key: checked})
            runs.append(case.run)
    answer({"cases": told, "missing": missing})
    for line in sys.stdin.buffer:
        word, _, repeats = line.decode().strip().partition(" ")
        if word != "round":
            break
        answer([milliseconds(run, int(repeats)) for run in runs])


def milliseconds(run, repeats):
    run()  # Brings its arrays back into the caches.
    started = time.perf_counter()
    for _ in range(repeats):
        run()
    return 1000 * (time.perf_counter() - started) / repeats


main()
