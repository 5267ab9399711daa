"""Concrete ML's networks on the digits of 8 x 8 pixels: python networks.py CASE.

Both are trained quantization-aware with Brevitas, for 3-bit inputs and weights and 2-bit activations, and tables see 4 bits of
sums. Of the networks that were tried (12 to 64 neurons, 8 to 32 filters of 2 x 2 to 4 x 4 pixels, 2 and 3 bits, 3 to 6 bits of
sums, trained for these or quantized afterwards) these are the cheapest by the compiler's estimate that reach 95 and 97 %.
Concrete ML's NeuralNetClassifier, whose sums are not rounded, has 48 % with sums of 8 bits and 84 % with 10; networks of
floats, quantized afterwards, keep 10 to 40 % with 3-bit weights, at up to 60 times the cost.
"""

import torch
from brevitas.nn import QuantConv2d, QuantIdentity, QuantLinear, QuantReLU
from common import GLOBAL_P_ERROR, load_digits_split, main, median_ms, timed
from concrete.ml.torch.compile import compile_brevitas_qat_model
from torch import nn

# Bits of inputs and weights, of activations, and of sums that tables see.
BITS, ACTIVATION_BITS, ROUNDED_BITS = 3, 2, 4

EPOCHS = 60


def perceptron():
    """24 hidden neurons."""
    return measured(
        (64,),
        lambda: (
            QuantLinear(64, 24, bias=False, weight_bit_width=BITS),
            QuantReLU(bit_width=ACTIVATION_BITS, return_quant_tensor=True),
            QuantLinear(24, 10, bias=False, weight_bit_width=BITS),
        ),
    )


def convolutional():
    """16 filters of 4 x 4 pixels, two apart, and a dense layer."""
    return measured(
        (1, 8, 8),
        lambda: (
            QuantConv2d(1, 16, 4, stride=2, bias=False, weight_bit_width=BITS),
            QuantReLU(bit_width=ACTIVATION_BITS, return_quant_tensor=True),
            nn.Flatten(),
            QuantLinear(16 * 3 * 3, 10, bias=False, weight_bit_width=BITS),
        ),
    )


def measured(shape, layers):
    """Trains and compiles a network of layers that read pixels in this shape; its figures for one row."""
    X_train, y_train, X_test, y_test = load_digits_split()
    torch.manual_seed(0)
    net = nn.Sequential(QuantIdentity(bit_width=BITS, return_quant_tensor=True), *layers())
    X, y = torch.tensor(X_train).reshape(-1, *shape), torch.tensor(y_train)
    train(net, X, y)
    compile_ms, module = timed(
        lambda: compile_brevitas_qat_model(
            net, X[:400].numpy(), rounding_threshold_bits=ROUNDED_BITS, global_p_error=GLOBAL_P_ERROR
        )
    )
    test = X_test.reshape(-1, *shape)
    clear = module.forward(test, fhe="disable").argmax(1)
    row = test[:1]
    return {
        "accuracy": float((clear == y_test).mean()),
        **figures(
            module.fhe_circuit, compile_ms, lambda: module.forward(row, fhe="execute"), module.quantize_input(row)
        ),
    }


def train(net, X, y):
    """Adam with a learning rate that falls to 0 along half a cosine; leaves the network in evaluation mode."""
    optimizer = torch.optim.Adam(net.parameters(), 3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(X)).split(32):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(X[rows]), y[rows], label_smoothing=0.05).backward()
            optimizer.step()
        schedule.step()
    net.eval()


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
