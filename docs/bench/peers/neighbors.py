"""Concrete ML's nearest neighbours: python neighbors.py CASE."""

import numpy
from common import GLOBAL_P_ERROR, main, median_ms, timed
from concrete.ml.sklearn import KNeighborsClassifier


def run(points, features, n_bits):
    """Figures of three neighbours among points of two classes around two centres."""
    random = numpy.random.default_rng(1)
    y = numpy.arange(points) % 2
    X = y[:, None] + random.uniform(size=(points, features, 3)).sum(axis=2) - 1.5
    model = KNeighborsClassifier(n_bits=n_bits, n_neighbors=3)
    model.fit(X, y)
    compile_ms, circuit = timed(lambda: model.compile(X, global_p_error=GLOBAL_P_ERROR))
    keygen_ms, _ = timed(lambda: circuit.keygen(force=True))
    row = X[:1]
    return {
        "compile ms": compile_ms,
        "keygen ms": keygen_ms,
        "predict ms": median_ms(lambda: model.predict(row, fhe="execute"), 1),
        "evaluation key MB": len(circuit.client.evaluation_keys.serialize()) / 1e6,
        "bootstraps": circuit.programmable_bootstrap_count,
        "global p_error": circuit.global_p_error,
    }


main({"neighbors-7": lambda: run(7, 3, 2)})
