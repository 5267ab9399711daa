"""Concrete ML's networks on the digits of 8 x 8 pixels: python networks.py CASE."""

import torch
from common import GLOBAL_P_ERROR, load_digits_split, main, median_ms, timed
from concrete.ml.sklearn import NeuralNetClassifier
from concrete.ml.torch.compile import compile_torch_model
from torch import nn

# The most that a sum may have in bits: as in Concrete ML's own examples of networks for digits.
ROUNDED_BITS = 6


def perceptron():
    """NeuralNetClassifier, trained quantization-aware, with 32 hidden neurons.

    Sums of 8 bits cost it accuracy: 84 % with 10, 93 % with 14. But the time of its lookups doubles with each bit.
    """
    X_train, y_train, X_test, y_test = load_digits_split()
    torch.manual_seed(0)
    model = NeuralNetClassifier(
        module__n_layers=2,
        module__n_w_bits=3,
        module__n_a_bits=3,
        module__n_accum_bits=8,
        module__n_hidden_neurons_multiplier=0.5,
        module__activation_function=nn.ReLU,
        max_epochs=30,
        verbose=0,
    )
    model.fit(X_train, y_train)
    compile_ms, circuit = timed(lambda: model.compile(X_train[:200], global_p_error=GLOBAL_P_ERROR))
    row = X_test[:1]
    return {
        "accuracy": float((model.predict(X_test) == y_test).mean()),
        **figures(circuit, compile_ms, lambda: model.predict(row, fhe="execute"), model.quantize_input(row)),
    }


def convolutional():
    """16 filters of 2 x 2 pixels and a dense layer, trained in floats and then quantized."""
    X_train, y_train, X_test, y_test = load_digits_split()
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, 16, 2), nn.ReLU(), nn.Flatten(), nn.Linear(16 * 7 * 7, 10))
    X, y = torch.tensor(X_train).reshape(-1, 1, 8, 8), torch.tensor(y_train)
    optimizer = torch.optim.Adam(net.parameters(), 3e-3)
    for _ in range(30):
        for rows in torch.randperm(len(X)).split(32):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(X[rows]), y[rows], label_smoothing=0.05).backward()
            optimizer.step()
    compile_ms, module = timed(
        lambda: compile_torch_model(
            net.eval(),
            X[:200].numpy(),
            n_bits={"model_inputs": 4, "op_inputs": 3, "op_weights": 3, "model_outputs": 8},
            rounding_threshold_bits=ROUNDED_BITS,
            global_p_error=GLOBAL_P_ERROR,
        )
    )
    test = X_test.reshape(-1, 1, 8, 8)
    clear = module.forward(test, fhe="disable").argmax(1)
    row = test[:1]
    return {
        "accuracy": float((clear == y_test).mean()),
        **figures(
            module.fhe_circuit,
            compile_ms,
            lambda: module.forward(row, fhe="execute"),
            module.quantize_input(row),
        ),
    }


def figures(circuit, compile_ms, predict, integers, runs=3):
    """The times of a row, whole and step by step, and sizes."""
    keygen_ms, _ = timed(lambda: circuit.keygen(force=True))
    predict_ms = median_ms(predict, runs)
    query = circuit.encrypt(integers)
    reply = circuit.run(query)
    return {
        "compile ms": compile_ms,
        "keygen ms": keygen_ms,
        "predict ms": predict_ms,
        "rows/s": 1e3 / predict_ms,
        "encrypt ms": median_ms(lambda: circuit.encrypt(integers), runs),
        "run ms": median_ms(lambda: circuit.run(query), runs),
        "decrypt ms": median_ms(lambda: circuit.decrypt(reply), runs),
        "query KB": len(query.serialize()) / 1e3,
        "reply KB": len(reply.serialize()) / 1e3,
        "evaluation key MB": len(circuit.client.evaluation_keys.serialize()) / 1e6,
        "bootstraps": circuit.programmable_bootstrap_count,
        "global p_error": circuit.global_p_error,
    }


main({"digits-mlp": perceptron, "digits-cnn": convolutional})
