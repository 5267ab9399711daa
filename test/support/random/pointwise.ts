/** Element-wise operations of random programs. */
import { Traced } from '../../../tracer/index.ts';
import {
  between,
  broadcasts,
  type Known,
  type Make,
  type Makes,
  mixed,
  modulo,
  type Numpy,
  type Operand,
  type Reader,
  tabulable,
  tabulated,
} from './reader.ts';

type Binary = (np: Numpy, x: Operand, y: Operand) => Operand;

/** An integer function of one value; what it reads of the step, it reads before it is called. */
export function unary(
  prepare: (read: Reader, x: Known) => (np: Numpy, x: Operand) => Operand,
): Make {
  return (read) => {
    const x = read.value((x) => tabulable(x));
    if (x === null) return null;
    const f = prepare(read, x);
    return tabulated((v) => f(read.np, v), [x]);
  };
}

/** An integer function of two values, encrypted and clear in every mix. */
export function binary(f: Binary): Make {
  return (read) => {
    const operands = read.pair((x) => tabulable(x));
    return operands && tabulated((x, y) => f(read.np, x, y), operands);
  };
}

/** A function of two values that is linear in each: its extremes are at the corners. */
function bilinear(
  make: (np: Numpy, x: Operand, y: Operand) => Operand,
  f: (x: number, y: number) => number,
): Make {
  return (read) => {
    const operands = read.pair();
    if (operands === null) return null;
    const [x, y] = operands;
    const corners = [x.min, x.max].flatMap((a) => [y.min, y.max].map((b) => f(a, b)));
    return between(make(read.np, x.value, y.value), Math.min(...corners), Math.max(...corners));
  };
}

/** Functions of two integers that are integers everywhere. */
const binaries = [
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
  'equal',
  'notEqual',
  'logicalAnd',
  'logicalOr',
  'logicalXor',
  'minimum',
  'maximum',
  'fmin',
  'fmax',
  'heaviside',
  'gcd',
  'lcm',
] as const satisfies readonly (keyof Numpy)[];

const unaries = [
  'abs',
  'absolute',
  'copy',
  'fabs',
  'identity',
  'logicalNot',
  'positive',
  'relu',
  'sign',
  'signbit',
  'square',
] as const satisfies readonly (keyof Numpy)[];

/** A function of two values of which the second is never 0: where it could be, it is moved up or down. */
function dividing(f: Binary): Make {
  return (read) => {
    const operands = read.pair((x) => tabulable(x));
    if (operands === null) return null;
    const { min, max } = operands[1];
    const offset = min > 0 || max < 0 ? 0 : read.choose([1 - min, -1 - max]);
    return tabulated((x, y) => f(read.np, x, read.np.add(y, offset)), operands);
  };
}

export const pointwise: Makes = {
  ...Object.fromEntries(binaries.map((name) => [name, binary((np, x, y) => np[name](x, y))])),
  ...Object.fromEntries(unaries.map((name) => [name, unary(() => (np, x) => np[name](x))])),
  add: bilinear(
    (np, x, y) => np.add(x, y),
    (a, b) => a + b,
  ),
  subtract: bilinear(
    (np, x, y) => np.subtract(x, y),
    (a, b) => a - b,
  ),
  multiply: (read) => {
    const operands = read.pair();
    if (operands === null) return null;
    const [x, y] = operands;
    const isTraced = ({ value }: Known) => value instanceof Traced;
    if (isTraced(x) && isTraced(y) && !tabulable(x, y)) return null;
    const corners = [x.min, x.max].flatMap((a) => [a * y.min, a * y.max]);
    const product = read.np.multiply(x.value, y.value);
    return between(product, Math.min(...corners), Math.max(...corners));
  },
  negative: (read) => {
    const x = read.value()!;
    return between(read.np.negative(x.value), -x.max, -x.min);
  },
  floorDivide: dividing((np, x, y) => np.floorDivide(x, y)),
  remainder: dividing((np, x, y) => np.remainder(x, y)),
  mod: dividing((np, x, y) => np.mod(x, y)),
  fmod: dividing((np, x, y) => np.fmod(x, y)),
  divide: dividing((np, x, y) => np.round(np.divide(x, y))),
  trueDivide: dividing((np, x, y) => np.floor(np.trueDivide(x, y))),
  power: unary((read) => {
    const exponent = read.below(4);
    return (np, x) => np.power(x, exponent);
  }),
  powerOf: binary((np, x, y) => np.power(np.remainder(x, 4), np.remainder(y, 4))),
  clip: unary((read) => {
    const [a, b] = [read.number(), read.number()];
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const open = read.below(4);
    return (np, x) => np.clip(x, open === 0 ? null : low, open === 1 ? null : high);
  }),
  map: unary((read) => {
    const [a, b, m] = [read.number(), read.number(), 2 + read.below(9)];
    return (np, x) => np.map((v) => modulo(a * v * v + b * v, m) + b, x);
  }),
  mapOfTwo: (read) => {
    const n = read.number();
    return binary((np, x, y) => np.map((a, b) => modulo(a * b + n * a, 11) - n, x, y))(read);
  },
  where: (read) => {
    const a = read.value()!;
    const isCondition = (c: Known) => c.min >= 0 && c.max <= 1 && broadcasts(a, c);
    const condition =
      read.below(4) === 0
        ? read.clear(a)
        : (read.value(isCondition) ?? read.value((c) => tabulable(c) && broadcasts(a, c)));
    if (condition === null) return null;
    const b = read.below(3) === 0 ? read.clear(a) : read.value((b) => broadcasts(b, a, condition))!;
    const [then, otherwise] = read.below(2) === 0 ? [a, b] : [b, a];
    const where = read.choose([read.np.where, read.np.ifThenElse]);
    return mixed(where(condition.value, then.value, otherwise.value), [a, b]);
  },
};
