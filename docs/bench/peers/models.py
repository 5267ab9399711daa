"""Concrete ML's estimators on the breast cancer data: python models.py CASE."""

from common import GLOBAL_P_ERROR, load_split, main, median_ms, timed
from concrete.ml.sklearn import (
    DecisionTreeClassifier,
    LinearRegression,
    LinearSVC,
    LinearSVR,
    LogisticRegression,
    PoissonRegressor,
    RandomForestClassifier,
    XGBClassifier,
)
from sklearn.metrics import accuracy_score, r2_score


def run(model, runs, offset=0):
    """Figures of a model that learns the class, or of a regressor that learns the number `class + offset`."""
    X_train, y_train, X_test, y_test = load_split()
    y_train, y_test = y_train + offset, y_test + offset
    model.fit(X_train, y_train)
    compile_ms, circuit = timed(lambda: model.compile(X_train, global_p_error=GLOBAL_P_ERROR))
    keygen_ms, _ = timed(lambda: circuit.keygen(force=True))
    row = X_test[:1]
    predict_ms = median_ms(lambda: model.predict(row, fhe="execute"), runs)

    # The same row step by step. The steps are those of predict(fhe="execute").
    integers = model.quantize_input(row)
    query = circuit.encrypt(integers)
    reply = circuit.run(query)
    return {
        **quality(y_test, model.predict(X_test)),
        "compile ms": compile_ms,
        "keygen ms": keygen_ms,
        "predict ms": predict_ms,
        "rows/s": 1e3 / predict_ms,  # there are no batches: a row is encrypted, run and decrypted at a time
        "encrypt ms": median_ms(lambda: circuit.encrypt(integers), runs),
        "run ms": median_ms(lambda: circuit.run(query), runs),
        "decrypt ms": median_ms(lambda: circuit.decrypt(reply), runs),
        "query KB": len(query.serialize()) / 1e3,
        "reply KB": len(reply.serialize()) / 1e3,
        "evaluation key MB": len(circuit.client.evaluation_keys.serialize()) / 1e6,
        "bootstraps": circuit.programmable_bootstrap_count,
        "global p_error": circuit.global_p_error,
    }


def quality(truth, predicted):
    if predicted.dtype.kind == "f":
        return {"r2": float(r2_score(truth, predicted))}
    return {"accuracy": float(accuracy_score(truth, predicted))}


main(
    {
        "logistic-regression": lambda: run(LogisticRegression(n_bits=8, random_state=0), 31),
        "linear-svc": lambda: run(LinearSVC(n_bits=8, random_state=0), 31),
        "linear-regression": lambda: run(LinearRegression(n_bits=8), 31),
        "linear-svr": lambda: run(LinearSVR(n_bits=8, random_state=0), 31),
        "poisson-regression": lambda: run(PoissonRegressor(n_bits=8), 31, offset=1),
        "decision-tree": lambda: run(
            DecisionTreeClassifier(max_depth=5, n_bits=6, random_state=0), 7
        ),
        "random-forest": lambda: run(
            RandomForestClassifier(n_estimators=20, max_depth=4, n_bits=6, random_state=0), 3
        ),
        "gradient-boosting": lambda: run(
            XGBClassifier(n_estimators=50, max_depth=4, n_bits=6, random_state=0), 3
        ),
    }
)
