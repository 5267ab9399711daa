/** Functions of real numbers in random programs: operands are scaled to where they are defined, results rounded. */
import { binary, unary } from './pointwise.ts';
import type { Make, Makes, Numpy, Operand, Reader } from './reader.ts';

type Unary = (np: Numpy, x: Operand) => Operand;
type Binary = (np: Numpy, x: Operand, y: Operand) => Operand;

/** One of the ways from a real number to an integer. */
function rounding(read: Reader): Unary {
  const decimals = read.below(2);
  return read.choose<Unary>([
    (np, x) => np.round(x),
    (np, x) => np.around(x),
    (np, x) => np.rint(x),
    (np, x) => np.floor(x),
    (np, x) => np.ceil(x),
    (np, x) => np.trunc(x),
    (np, x) => np.toInteger(x),
    (np, x) => np.astype(x, 'integer'),
    (np, x) => np.round(np.multiply(np.round(x, decimals), 10)),
    (np, x) => np.round(np.multiply(x, 10), -1),
  ]);
}

/** A real function, between `low` and `high`, to which the value is mapped. */
function real(f: Unary, low: number, high: number): Make {
  return unary((read, x) => {
    const slope = (high - low) / Math.max(1, x.max - x.min);
    const steps = 1 + read.below(9);
    const round = rounding(read);
    return (np, v) => {
      const scaled = np.add(np.multiply(np.subtract(v, x.min), slope), low);
      return round(np, np.multiply(f(np, scaled), steps));
    };
  });
}

/** A real function of two values, defined everywhere. */
function realOfTwo(f: Binary): Make {
  return (read) => {
    const round = rounding(read);
    return binary((np, x, y) => round(np, f(np, np.multiply(x, 0.5), np.divide(y, 4))))(read);
  };
}

/** Where real functions are defined and small. */
const domains = {
  sqrt: [0, 40],
  cbrt: [-30, 30],
  reciprocal: [0.25, 5],
  exp: [-3, 3],
  exp2: [-4, 5],
  expm1: [-3, 3],
  log: [0.1, 50],
  log2: [0.1, 50],
  log10: [0.1, 500],
  log1p: [0, 30],
  sin: [-7, 7],
  cos: [-7, 7],
  tan: [-1.4, 1.4],
  arcsin: [-1, 1],
  arccos: [-1, 1],
  arctan: [-9, 9],
  sinh: [-3, 3],
  cosh: [-3, 3],
  tanh: [-3, 3],
  arcsinh: [-20, 20],
  arccosh: [1, 20],
  arctanh: [-0.9, 0.9],
  degrees: [-1, 1],
  rad2deg: [-1, 1],
  radians: [-900, 900],
  deg2rad: [-900, 900],
} as const satisfies Partial<Record<keyof Numpy, readonly [low: number, high: number]>>;

const ofTwo = [
  'arctan2',
  'copysign',
  'hypot',
  'logaddexp',
  'logaddexp2',
  'nextafter',
] as const satisfies readonly (keyof Numpy)[];

export const realFunctions: Makes = {
  ...Object.fromEntries(
    Object.entries(domains).map(([name, [low, high]]) => [
      name,
      real((np, x) => np[name as keyof typeof domains](x), low, high),
    ]),
  ),
  ...Object.fromEntries(ofTwo.map((name) => [name, realOfTwo((np, x, y) => np[name](x, y))])),
  floatPower: realOfTwo((np, x, y) => np.floatPower(np.abs(np.sin(x)), np.cos(y))),
  ldexp: binary((np, x, y) => np.round(np.ldexp(np.divide(x, 3), np.remainder(y, 4)))),
  spacing: real((np, x) => np.multiply(np.spacing(x), 2 ** 50), 0, 9),
  isfinite: unary(() => (np, x) => np.isfinite(np.log(x))),
  isinf: unary(() => (np, x) => np.isinf(np.reciprocal(x))),
  isnan: unary(() => (np, x) => np.isnan(np.sqrt(x))),
};
