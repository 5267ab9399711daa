"""What the peer programs share: the data, the error probability, the clock and the report."""

import json
import statistics
import sys
import time
import warnings
from pathlib import Path

import numpy

warnings.filterwarnings("ignore")

# Bounds the whole circuit, as Blindfit's pError does; Concrete's default bounds one table lookup.
GLOBAL_P_ERROR = 2.0**-40

DATA = Path(__file__).resolve().parents[2] / "examples" / "data"


def load_split():
    """X_train, y_train, X_test, y_test: the very rows that the cases in TypeScript use."""
    table = numpy.loadtxt(DATA / "breast-cancer.csv", delimiter=",", skiprows=1)
    rows = json.loads((DATA / "breast-cancer-split.json").read_text())
    X, y = table[:, :-1], table[:, -1].astype(numpy.int64)
    return X[rows["train"]], y[rows["train"]], X[rows["test"]], y[rows["test"]]


def load_digits_split():
    """The same of the digits of 8 x 8 pixels, as float32 for torch."""
    lines = (DATA / "digits.txt").read_text().splitlines()
    rows = json.loads((DATA / "digits-split.json").read_text())
    X = numpy.array([[int(pixel, 17) for pixel in line[2:]] for line in lines], numpy.float32)
    y = numpy.array([int(line[0]) for line in lines], numpy.int64)
    return X[rows["train"]], y[rows["train"]], X[rows["test"]], y[rows["test"]]


def timed(work):
    """Milliseconds that work() took, and its value."""
    start = time.perf_counter()
    value = work()
    return (time.perf_counter() - start) * 1e3, value


def median_ms(work, runs):
    """Median over `runs` timed calls, after one that is not counted."""
    work()
    return statistics.median(timed(work)[0] for _ in range(runs))


def main(cases):
    """Runs the case named on the command line and prints its figures as one line of JSON."""
    print(json.dumps(cases[sys.argv[1]]()), flush=True)
