"""Small programs on Concrete: python programs.py CASE. The cases in TypeScript compute the same functions."""

from inspect import signature

import numpy
from common import GLOBAL_P_ERROR, main, median_ms, timed
from concrete import fhe


# Concrete's own default. At GLOBAL_P_ERROR keys for products and maxima of 8 bits need more than 24 GB of memory.
DEFAULT_P_ERROR = 1e-5


def measure(function, inputset, arguments, runs, p_error=GLOBAL_P_ERROR):
    """Compiles, makes keys, checks one result and times; every input is encrypted."""
    names = signature(function).parameters
    compiler = fhe.Compiler(function, {name: "encrypted" for name in names})
    compile_ms, circuit = timed(
        lambda: compiler.compile(inputset, global_p_error=p_error)
    )
    keygen_ms, _ = timed(circuit.keygen)
    query = circuit.encrypt(*arguments)
    reply = circuit.run(query)
    if not numpy.array_equal(circuit.decrypt(reply), function(*arguments)):
        raise RuntimeError("wrong result")
    return {
        "compile ms": compile_ms,
        "keygen ms": keygen_ms,
        "ms": median_ms(lambda: circuit.encrypt_run_decrypt(*arguments), runs),
        "run ms": median_ms(lambda: circuit.run(query), runs),
        "evaluation key MB": len(circuit.client.evaluation_keys.serialize()) / 1e6,
        "bootstraps": circuit.programmable_bootstrap_count,
        "global p_error": circuit.global_p_error,
    }


def lookup(bits, runs):
    """t[x] with t[i] = (i * i + 3) mod 2^bits on a fresh input of so many bits."""
    size = 2**bits
    table = fhe.LookupTable([(i * i + 3) % size for i in range(size)])
    return measure(lambda x: table[x], list(range(size)), (size - 1,), runs)


def second_layer(bits, runs):
    """c[a[x] + b[y]]: a table of a computed value that cannot be fused with the first two."""
    size = 2**bits
    a = fhe.LookupTable([(i ^ (i >> 1)) % (size // 2) for i in range(size)])
    b = fhe.LookupTable([(i * 5 + 7) % (size // 2) for i in range(size)])
    c = fhe.LookupTable([(i * i + 3) % size for i in range(size)])
    random = numpy.random.default_rng(0)
    inputset = [(i, j) for i in range(size) for j in random.integers(0, size, 16)]
    return measure(lambda x, y: c[a[x] + b[y]], inputset, (size - 1, size - 2), runs)


def pair(function, bits=4, runs=7, p_error=GLOBAL_P_ERROR):
    """A function of two inputs of so many bits."""
    size = 2**bits
    random = numpy.random.default_rng(0)
    corners = [(i, j) for i in (0, size - 1) for j in (0, size - 1)]
    inputset = corners + [tuple(random.integers(0, size, 2)) for _ in range(1000)]
    return measure(function, inputset, (size // 2 - 1, size // 2 + 1), runs, p_error)


def life():
    """One step of the game of life on an 8 by 8 board inside a border."""
    rule = fhe.LookupTable([int(i == 3) for i in range(9)] + [int(i in (2, 3)) for i in range(9)])
    kernel = numpy.array([[1, 1, 1], [1, 9, 1], [1, 1, 1]]).reshape((1, 1, 3, 3))

    def step(board):
        weighted = fhe.conv(board.reshape((1, 1, 10, 10)), kernel)
        return rule[weighted.reshape((8, 8))]

    random = numpy.random.default_rng(0)
    boards = [random.integers(0, 2, (10, 10)) for _ in range(50)] + [numpy.ones((10, 10), int)]
    return measure(step, boards, (boards[0],), 3)


def dense():
    """max(x W, 0) for 16 inputs of 3 bits and 8 columns of weights from -2 to 2.

    Concrete takes its widths from the inputset: what random inputs reach, not the extremes.
    """
    row, column = numpy.indices((16, 8))
    weights = ((row + 1) * (column + 2) * (row + column) + row // 3) % 5 - 2
    random = numpy.random.default_rng(0)
    inputs = [random.integers(0, 8, (16,)) for _ in range(200)]
    return measure(lambda x: numpy.maximum(x @ weights, 0), inputs, (inputs[0],), 3)


# Batcher's odd-even merge sort of eight values.
COMPARATORS = (
    [(0, 1), (2, 3), (4, 5), (6, 7), (0, 2), (1, 3), (4, 6), (5, 7), (1, 2), (5, 6)]
    + [(0, 4), (1, 5), (2, 6), (3, 7), (2, 4), (3, 5), (1, 2), (3, 4), (5, 6)]
)


def sort():
    """Eight values of 4 bits in ascending order, by a network of comparators."""

    def network(x):
        values = [x[i] for i in range(8)]
        for i, j in COMPARATORS:
            low, high = numpy.minimum(values[i], values[j]), numpy.maximum(values[i], values[j])
            values[i], values[j] = low, high
        return fhe.array(values)

    random = numpy.random.default_rng(0)
    inputs = [random.integers(0, 16, (8,)) for _ in range(200)]
    return measure(network, inputs, (numpy.array([7, 3, 15, 0, 9, 3, 12, 8]),), 1)


main(
    {
        "lookup-2-bits": lambda: lookup(2, 15),
        "lookup-4-bits": lambda: lookup(4, 15),
        "lookup-6-bits": lambda: lookup(6, 7),
        "lookup-8-bits": lambda: lookup(8, 3),
        "less": lambda: pair(lambda x, y: x < y),
        "multiply": lambda: pair(lambda x, y: x * y),
        "maximum": lambda: pair(lambda x, y: numpy.maximum(x, y)),
        "less-8-bits": lambda: pair(lambda x, y: x < y, 8, 1),
        "multiply-8-bits": lambda: pair(lambda x, y: x * y, 8, 1, DEFAULT_P_ERROR),
        "maximum-8-bits": lambda: pair(lambda x, y: numpy.maximum(x, y), 8, 1, DEFAULT_P_ERROR),
        "second-layer-4-bits": lambda: second_layer(4, 7),
        "second-layer-6-bits": lambda: second_layer(6, 5),
        "second-layer-8-bits": lambda: second_layer(8, 1),
        "life": life,
        "dense": dense,
        "sort": sort,
    }
)
