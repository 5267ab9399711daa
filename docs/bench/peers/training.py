"""Concrete ML's encrypted training on the breast cancer data, 30 features, batches of 8: python training.py CASE."""

import statistics
import time

from common import load_split, main
from concrete.ml.sklearn import SGDClassifier
from sklearn.preprocessing import MinMaxScaler

STEPS = 2
RANGE = (-1.0, 1.0)


def encrypted_sgd():
    X_train, y_train, X_test, y_test = load_split()
    scaler = MinMaxScaler(RANGE).fit(X_train)
    X_train, X_test = scaler.transform(X_train), scaler.transform(X_test)
    options = dict(
        loss="log_loss", random_state=0, fit_encrypted=True, parameters_range=RANGE
    )
    model = SGDClassifier(max_iter=STEPS, **options)
    times = []
    start = time.perf_counter()
    timed_steps(model, times)
    model.fit(X_train, y_train, fhe="execute")
    prepared = times[0][0] - start
    clear = SGDClassifier(max_iter=100, **options)
    clear.fit(X_train, y_train, fhe="disable")
    return {
        "ms": 1e3 * statistics.median(end - begin for begin, end in times),
        "compile and keygen ms": 1e3 * prepared,
        "accuracy": float((clear.predict(X_test) == y_test).mean()),
    }


def timed_steps(model, times):
    """Makes a model note when each run of its training circuit begins and ends."""
    make = model._get_training_quantized_module

    def made(*args, **kwargs):
        module = make(*args, **kwargs)
        run = module.fhe_circuit.run

        def timed(*values):
            begin = time.perf_counter()
            result = run(*values)
            times.append((begin, time.perf_counter()))
            return result

        module.fhe_circuit.run = timed
        return module

    model._get_training_quantized_module = made


main({"encrypted-sgd": encrypted_sgd})
