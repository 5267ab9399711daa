/** The operations of random programs (`programs.ts`): each makes a value of earlier ones, or null where it cannot. */
import * as np from '../../tracer/index.ts';

/** One operation: `picks` choose its operands among the earlier values, `numbers` its constants. */
export interface Step {
  readonly op: string;
  readonly picks: readonly number[];
  readonly numbers: readonly number[];
}

/** A value with bounds of its elements, so that tables stay small. */
export interface Known {
  readonly value: np.Traced;
  readonly min: number;
  readonly max: number;
}

/** Most elements, and most distinct values, that a value of a random program has. */
const mostElements = 12;
const mostValues = 512;
/** Most combinations of operands that a table of a random program reads. */
const mostEntries = 128;

/** Whether a value is small enough to go on with. */
export function fits({ value, min, max }: Known): boolean {
  const size = value.shape.reduce((a, b) => a * b, 1);
  return size > 0 && size <= mostElements && value.shape.length <= 3 && max - min < mostValues;
}

/** Reads a step's numbers in order. */
export class Reader {
  readonly #known: readonly Known[];
  readonly #step: Step;
  /** The values that were read. */
  readonly operands: Known[] = [];
  #pick = 0;
  #number = 0;

  constructor(known: readonly Known[], step: Step) {
    this.#known = known;
    this.#step = step;
  }

  /** One of the values that are allowed, or null. Late ones are likelier: programs get deep. */
  value(allowed: (known: Known) => boolean = () => true): Known | null {
    const all = this.#known.filter(allowed);
    const pick = this.#step.picks[this.#pick++ % 3]!;
    if (all.length === 0) return null;
    const value = all[all.length - 1 - (pick % Math.min(4, all.length))]!;
    this.operands.push(value);
    return value;
  }

  number(): number {
    return this.#step.numbers[this.#number++ % this.#step.numbers.length]!;
  }

  numbers(count: number): number[] {
    return Array.from({ length: count }, () => this.number());
  }

  below(count: number): number {
    return ((this.number() % count) + count) % count;
  }
}

export type Make = (read: Reader) => Known | null;

const spread = ({ min, max }: Known): number => max - min + 1;
const broadcasts =
  (a: Known) =>
  (b: Known): boolean => {
    const [x, y] = [[...a.value.shape].reverse(), [...b.value.shape].reverse()];
    const extents = Array.from({ length: Math.max(x.length, y.length) }, (_, i) => [
      x[i] ?? 1,
      y[i] ?? 1,
    ]);
    const size = extents.reduce((product, [p, q]) => product * Math.max(p!, q!), 1);
    return size <= mostElements && extents.every(([p, q]) => p === 1 || q === 1 || p === q);
  };
const tabulable = (known: Known): boolean => spread(known) <= mostEntries;

/** Bounds of f over the operands' ranges. */
function tabulated(
  value: np.Traced,
  operands: readonly Known[],
  f: (...v: number[]) => number,
): Known {
  let points: number[][] = [[]];
  for (const { min, max } of operands)
    points = points.flatMap((point) =>
      Array.from({ length: max - min + 1 }, (_, i) => [...point, min + i]),
    );
  const all = points.map((point) => f(...point));
  return { value, min: Math.min(...all), max: Math.max(...all) };
}

function unary(make: (x: np.Traced, read: Reader) => [np.Traced, (v: number) => number]): Make {
  return (read) => {
    const x = read.value(tabulable);
    if (x === null) return null;
    const [value, f] = make(x.value, read);
    return tabulated(value, [x], f);
  };
}

function binary(
  make: (x: np.Traced, y: np.Traced, n: number) => np.Traced,
  f: (a: number, b: number, n: number) => number,
): Make {
  return (read) => {
    const x = read.value(tabulable);
    if (x === null) return null;
    const y = read.value(
      (other) => broadcasts(x)(other) && spread(x) * spread(other) <= mostEntries,
    );
    if (y === null) return null;
    const n = read.number();
    return tabulated(make(x.value, y.value, n), [x, y], (a, b) => f(a, b, n));
  };
}

function rearrange(make: (x: np.Traced, read: Reader) => np.Traced | null): Make {
  return (read) => {
    const x = read.value();
    const value = x === null ? null : make(x.value, read);
    return value === null ? null : { ...x!, value };
  };
}

const comparisons: readonly [
  name: 'less' | 'lessEqual' | 'greater' | 'greaterEqual' | 'equal' | 'notEqual',
  f: (a: number, b: number) => boolean,
][] = [
  ['less', (a, b) => a < b],
  ['lessEqual', (a, b) => a <= b],
  ['greater', (a, b) => a > b],
  ['greaterEqual', (a, b) => a >= b],
  ['equal', (a, b) => a === b],
  ['notEqual', (a, b) => a !== b],
];
const comparison = (n: number): (typeof comparisons)[number] => comparisons[modulo(n, 6)]!;

const modulo = (v: number, m: number): number => ((v % m) + m) % m;

export const operations: Readonly<Record<string, Make>> = {
  add: (read) => {
    const x = read.value()!;
    const y = read.value(broadcasts(x))!;
    return { value: np.add(x.value, y.value), min: x.min + y.min, max: x.max + y.max };
  },
  subtract: (read) => {
    const x = read.value()!;
    const y = read.value(broadcasts(x))!;
    return { value: x.value.subtract(y.value), min: x.min - y.max, max: x.max - y.min };
  },
  addConstant: (read) => {
    const x = read.value()!;
    const c = read.number();
    return { value: x.value.add(c), min: x.min + c, max: x.max + c };
  },
  negative: (read) => {
    const x = read.value()!;
    return { value: x.value.negative(), min: -x.max, max: -x.min };
  },
  multiplyByClear: (read) => {
    const x = read.value()!;
    const last = x.value.shape.at(-1);
    const weights =
      read.below(2) === 0 || last === undefined ? [read.number()] : read.numbers(last);
    const value = x.value.multiply(weights.length === 1 ? weights[0]! : weights);
    const ends = weights.flatMap((w) => [w * x.min, w * x.max]);
    return { value, min: Math.min(...ends), max: Math.max(...ends) };
  },
  matmul: (read) => {
    const x = read.value(({ value }) => value.shape.length > 0);
    if (x === null) return null;
    const inner = x.value.shape.at(-1)!;
    const columns = read.below(3);
    const matrix = Array.from({ length: inner }, () => read.numbers(Math.max(1, columns)));
    const value =
      columns === 0 ? x.value.dot(matrix.map((row) => row[0]!)) : x.value.matmul(matrix);
    const bound = inner * 7 * Math.max(Math.abs(x.min), Math.abs(x.max));
    return { value, min: -bound, max: bound };
  },
  sum: (read) => {
    const x = read.value()!;
    const rank = x.value.shape.length;
    const axis = rank === 0 || read.below(3) === 0 ? null : read.below(rank);
    const value =
      axis === null ? x.value.sum() : x.value.sum({ axis, keepDims: read.below(2) === 1 });
    const count = x.value.shape.reduce((a, b) => a * b, 1) / value.shape.reduce((a, b) => a * b, 1);
    return { value, min: Math.min(x.min, count * x.min), max: Math.max(x.max, count * x.max) };
  },
  compareWithClear: unary((x, read) => {
    const [name, f] = comparison(read.number());
    const c = read.number();
    return [x[name](c), (v) => Number(f(v, c))];
  }),
  compare: binary(
    (x, y, n) => x[comparison(n)[0]](y),
    (a, b, n) => Number(comparison(n)[1](a, b)),
  ),
  where: (read) => {
    const c = read.value(({ min, max }) => min >= 0 && max <= 1) ?? read.value(tabulable);
    if (c === null) return null;
    const a = read.value(broadcasts(c))!;
    if (read.below(4) === 0) {
      const other = read.number();
      const value = np.where(c.value, a.value, other);
      return { value, min: Math.min(a.min, other), max: Math.max(a.max, other) };
    }
    const b = read.value((other) => broadcasts(c)(other) && broadcasts(a)(other))!;
    const value = np.where(c.value, a.value, b.value);
    return { value, min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
  },
  abs: unary((x) => [x.abs(), Math.abs]),
  minimumWithClear: unary((x, read) => {
    const c = read.number();
    return [x.minimum(c), (v) => Math.min(v, c)];
  }),
  maximumWithClear: unary((x, read) => {
    const c = read.number();
    return [np.maximum(c, x), (v) => Math.max(v, c)];
  }),
  maximum: binary(
    (x, y) => np.maximum(x, y),
    (a, b) => Math.max(a, b),
  ),
  clip: unary((x, read) => {
    const [a, b] = [read.number(), read.number()];
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    return [x.clip(low, high), (v) => Math.min(high, Math.max(low, v))];
  }),
  product: binary(
    (x, y) => x.multiply(y),
    (a, b) => a * b,
  ),
  map: unary((x, read) => {
    const [a, b, m] = [read.number(), read.number(), 2 + read.below(9)];
    const f = (v: number) => modulo(a * v * v + b * v, m) + b;
    return [x.map(f), f];
  }),
  mapOfTwo: binary(
    (x, y, n) => np.map((a, b) => modulo(a * b + n * a, 11) - n, x, y),
    (a, b, n) => modulo(a * b + n * a, 11) - n,
  ),
  floats: unary((x, read) => {
    const [a, b] = [read.number() / 4, read.number() / 3];
    return [
      np.round(np.tanh(x.multiply(a).add(b)).multiply(5)),
      (v) => Number(np.round(Math.tanh(v * a + b) * 5)),
    ];
  }),
  table: (read) => {
    const x = read.value(tabulable);
    if (x === null) return null;
    const size = Math.max(x.max + 1, -x.min, 1);
    const shape = x.value.shape;
    const [a, b] = [read.number(), read.number()];
    const entries = (k: number) =>
      Array.from({ length: size }, (_, i) => modulo((a + k) * i * i + b, 9) + k);
    if (shape.length === 0 || read.below(2) === 0) {
      const value = new np.LookupTable(entries(b)).at(x.value);
      return { value, min: b, max: b + 8 };
    }
    const count = shape.at(-1)!;
    const tables = Array.from({ length: count }, (_, k) => new np.LookupTable(entries(k)));
    return { value: new np.LookupTable(tables).at(x.value), min: 0, max: 8 + count };
  },
  reshape: rearrange((x, read) => {
    const size = x.shape.reduce((a, b) => a * b, 1);
    const forms = [
      [size],
      [1, size],
      [size, 1],
      ...(size % 2 === 0
        ? [
            [2, size / 2],
            [size / 2, 2],
          ]
        : []),
    ];
    return x.reshape(size === 1 && read.below(2) === 0 ? [] : forms[read.below(forms.length)]!);
  }),
  transpose: rearrange((x) => x.transpose()),
  slice: rearrange((x, read) => {
    const [extent] = x.shape;
    if (extent === undefined) return null;
    const start = read.below(extent);
    return read.below(2) === 0 ? x.at(start) : x.at(np.slice(start, null, 1 + read.below(2)));
  }),
  reverse: rearrange((x) => (x.shape.length === 0 ? null : x.at(np.slice(null, null, -1)))),
  concatenate: (read) => {
    const x = read.value(({ value }) => value.shape.length > 0);
    if (x === null) return null;
    const tail = `${x.value.shape.slice(1)}`;
    const alike = ({ value }: Known) =>
      value.shape.length === x.value.shape.length && `${value.shape.slice(1)}` === tail;
    const y = read.value(alike)!;
    const value = np.concatenate([x.value, y.value]);
    return { value, min: Math.min(x.min, y.min), max: Math.max(x.max, y.max) };
  },
  stack: (read) => {
    const x = read.value()!;
    const y = read.value(({ value }) => `${value.shape}` === `${x.value.shape}`)!;
    const value = np.stack([x.value, y.value], read.below(x.value.shape.length + 1));
    return { value, min: Math.min(x.min, y.min), max: Math.max(x.max, y.max) };
  },
};
