/**
 * Known functions of two encrypted values: the forms by which each can be computed. What is cheapest depends on where
 * the operands come from, so lowering chooses; tables of both operands are made only where it asks for them.
 *
 * The forms, for operands of b bits: a comparison is a table of the difference (b + 1 bits instead of 2 b), or its sign; a minimum
 * is an operand plus a table of the difference, or a choice; a product is a difference of two quarter squares,
 * xy = [(x + y)^2 / 4] - [(x - y)^2 / 4], or a sum of choices by the bits of one operand, which it always is where those
 * bits are clear; bitwise functions go digit by digit; a shift chooses among shifted operands. Wide computed operands
 * may have their bits extracted first (`digitwise.ts`).
 */
import type { KnownFunctionName } from '../../tracer/graph.ts';
import {
  type Cell,
  type CellBuilder,
  combine,
  constantForm,
  type Form,
  formKey,
  formOfCell,
  type Range,
} from './cells.ts';
import {
  bitwiseOfDigits,
  productOfDigits,
  shiftOfDigits,
  signedWidth,
  whereWide,
} from './digitwise.ts';
import { bitsFor } from './lower/diagram.ts';
import { largestTable, type Making, tableOf } from './tabulate.ts';

type Comparison = 'less' | 'lessEqual' | 'equal' | 'notEqual' | 'greater' | 'greaterEqual';
type Run = (scalars: readonly number[]) => number;

/** Operands with at most so many combinations have their exact range found by trying all. */
const mostCombinations = 2 ** 12;

/** `run(x, y)`, the function called `name`, where both operands are encrypted. */
export function knownForm(
  name: Exclude<KnownFunctionName, 'approximateRound'> | 'multiply',
  run: Run,
  x: Form,
  y: Form,
  making: Making,
): Form {
  const table = () => tableOf(making.graph, making.node, [x, y], run, making.builder);
  switch (name) {
    case 'less':
    case 'lessEqual':
    case 'equal':
    case 'notEqual':
    case 'greater':
    case 'greaterEqual':
      return comparison(name, run, x, y, making);
    case 'minimum':
    case 'maximum':
      return extreme(name, x, y, making);
    case 'multiply':
      if (formKey(x) === formKey(y)) return single(x, (v) => v * v, making);
      for (const [a, b] of [
        [x, y],
        [y, x],
      ] as const)
        if (isSumOfInputs(a, making, true) && isSumOfInputs(b, making, false))
          return oneOf(name, run, x, y, making, [() => productWithClear(a, b, making)]);
      for (const [a, b] of [
        [x, y],
        [y, x],
      ] as const)
        if (isSumOfInputs(a, making, false) && making.builder.isComputed(b))
          return oneOf(
            name,
            run,
            x,
            y,
            making,
            [() => productWithComputed(a, b, making), ...quarterSquares(x, y, making)],
            { beside: b },
          );
      return oneOf(name, run, x, y, making, [
        ...quarterSquares(x, y, making),
        () => productByBits(x, y, making),
        ...whereWide(x, y, making, () => productOfDigits(run, x, y, making)),
        () => productByBits(y, x, making),
        ...whereSmall(x, y, table, making),
      ]);
    case 'bitwiseAnd':
    case 'bitwiseOr':
    case 'bitwiseXor':
      return oneOf(name, run, x, y, making, [
        () => byDigits(run, x, y, 1, making),
        ...whereWide(x, y, making, () => bitwiseOfDigits(run, x, y, making)),
        () => byDigits(run, x, y, 2, making),
        ...whereSmall(x, y, table, making),
      ]);
    case 'leftShift':
    case 'rightShift': {
      if (making.builder.range(y).min < 0) return table();
      return oneOf(name, run, x, y, making, [
        () => shiftByBits(name, x, y, making),
        ...whereWide(x, y, making, () => shiftOfDigits(name, run, x, y, making)),
        ...whereSmall(x, y, table, making),
      ]);
    }
    default:
      return name satisfies never;
  }
}

/** Alternatives with the range of the function; one alternative is itself. */
function oneOf(
  name: string,
  run: Run,
  x: Form,
  y: Form,
  { builder, node }: Making,
  forms: readonly (() => Form)[],
  beside: { readonly beside?: Form } = {},
): Form {
  const [a, b] = [builder.range(x), builder.range(y)];
  const range = rangeOfFunction(run, a, b) ?? extremes(name, run, a, b);
  if (range.min === range.max) return constantForm(range.min);
  const commutes = name !== 'leftShift' && name !== 'rightShift';
  const keys = [formKey(x), formKey(y)];
  const key = `${name} ${(commutes ? keys.sort() : keys).join(' ')}`;
  return builder.alternatives(key, forms, range, node.id, {
    like: likeOf(name, x, y, builder),
    ...beside,
  });
}

function likeOf(name: string, x: Form, y: Form, builder: CellBuilder): string | null {
  const shape = builder.shapeOf(x, y);
  return shape === null ? null : `${name} ${shape}`;
}

function whereSmall(x: Form, y: Form, table: () => Form, { builder }: Making): (() => Form)[] {
  const [a, b] = [builder.range(x), builder.range(y)];
  return (a.max - a.min + 1) * (b.max - b.min + 1) <= largestTable ? [table] : [];
}

/** A table of one form. */
function single(form: Form, f: (value: number) => number, { graph, node, builder }: Making): Form {
  if (form.terms.length === 0) return constantForm(f(form.constant));
  return tableOf(graph, node, [form], ([value]) => f(value as number), builder);
}

/** A table of the difference, or what follows from its sign where that is too wide for a table. */
function comparison(name: Comparison, run: Run, x: Form, y: Form, making: Making): Form {
  const { builder, node } = making;
  if (isTabulable(minus(x, y), making)) return tableOfDifference(x, y, (d) => run([d, 0]), making);
  const isAtLeast = (a: Form, b: Form): Form => {
    const difference = minus(a, b);
    const { min, max } = builder.range(difference);
    if (min >= 0 || max < 0) return constantForm(min >= 0 ? 1 : 0);
    const width = bitsFor(Math.max(-min, max + 1));
    return builder.bitOf(combine([[difference, 1]], 2 ** width), width, node.id);
  };
  const not = (form: Form): Form => combine([[form, -1]], 1);
  const equal = (): Form => {
    const both = combine(
      [
        [isAtLeast(x, y), 1],
        [isAtLeast(y, x), 1],
      ],
      -1,
    );
    const key = `equal ${[formKey(x), formKey(y)].sort().join(' ')}`;
    return builder.alternatives(key, [() => both], { min: 0, max: 1 }, node.id);
  };
  switch (name) {
    case 'less':
      return not(isAtLeast(x, y));
    case 'lessEqual':
      return isAtLeast(y, x);
    case 'greater':
      return not(isAtLeast(y, x));
    case 'greaterEqual':
      return isAtLeast(x, y);
    case 'equal':
      return equal();
    case 'notEqual':
      return not(equal());
    default:
      return name satisfies never;
  }
}

function isTabulable(form: Form, { builder }: Making): boolean {
  const { min, max } = builder.range(form);
  return max - min < largestTable;
}

function tableOfDifference(x: Form, y: Form, f: (d: number) => number, making: Making): Form {
  return single(minus(x, y), f, making);
}

const minus = (x: Form, y: Form): Form =>
  combine([
    [x, 1],
    [y, -1],
  ]);

/** By the positive part r of x - y: the larger is y + r, the smaller x - r; or a choice. */
function extreme(name: 'minimum' | 'maximum', x: Form, y: Form, making: Making): Form {
  const { builder, node } = making;
  const [a, b] = [builder.range(x), builder.range(y)];
  const isMaximum = name === 'maximum';
  if (a.min >= b.max) return isMaximum ? x : y;
  if (b.min >= a.max) return isMaximum ? y : x;
  const pick = isMaximum ? Math.max : Math.min;
  const range = { min: pick(a.min, b.min), max: pick(a.max, b.max) };
  const [larger, smaller] = isMaximum ? [x, y] : [y, x];
  const byDifference = () => {
    const positive = tableOfDifference(x, y, (d) => Math.max(0, d), making);
    return isMaximum
      ? combine([
          [y, 1],
          [positive, 1],
        ])
      : minus(x, positive);
  };
  const byChoice = () => {
    const isLarger = ([d]: readonly number[]) => ((d as number) > 0 ? 1 : 0);
    const xIsLarger = comparison('greater', isLarger, x, y, making);
    return builder.where(xIsLarger, larger, smaller, node.id);
  };
  const key = `${name} ${[formKey(x), formKey(y)].sort().join(' ')}`;
  const ways = isTabulable(minus(x, y), making) ? [byDifference, byChoice] : [byChoice];
  return builder.alternatives(key, ways, range, node.id, { like: likeOf(name, x, y, builder) });
}

/** xy = [(x + y)^2 / 4] - [(x - y)^2 / 4], rounded down both: x + y and x - y are both even or both odd. */
function quarterSquares(x: Form, y: Form, making: Making): (() => Form)[] {
  const sum = combine([
    [x, 1],
    [y, 1],
  ]);
  if (!isTabulable(sum, making)) return [];
  const quarter = (v: number) => Math.floor((v * v) / 4);
  return [() => minus(single(sum, quarter, making), single(minus(x, y), quarter, making))];
}

/** Digits of `width` bits of a form, the lowest first; the highest has the sign. */
function digitsOf(form: Form, width: number, count: number, making: Making): Form[] {
  return Array.from({ length: count }, (_, i) =>
    single(
      form,
      (value) => {
        const shifted = Math.floor(value / 2 ** (width * i));
        return i === count - 1 ? shifted : modulo(shifted, 2 ** width);
      },
      making,
    ),
  );
}

function byDigits(run: Run, x: Form, y: Form, width: number, making: Making): Form {
  const { graph, node, builder } = making;
  const bits = Math.max(signedWidth(builder.range(x)), signedWidth(builder.range(y)));
  const count = Math.ceil(bits / width);
  const [xs, ys] = [x, y].map((form) => digitsOf(form, width, count, making)) as [Form[], Form[]];
  return combine(
    xs.map((digit, i) => [
      tableOf(graph, node, [digit, ys[i] as Form], run, builder),
      2 ** (width * i),
    ]),
  );
}

/** The sum over the bits of x of y, shifted, where the bit is 1. */
function productByBits(x: Form, y: Form, making: Making): Form {
  const { builder, node } = making;
  const range = builder.range(x);
  const bits = signedWidth(range);
  const isSigned = range.min < 0;
  return combine(
    digitsOf(x, 1, bits, making).map((digit, i) => {
      const top = isSigned && i === bits - 1;
      const bit = top ? combine([[digit, -1]]) : digit;
      return [builder.where(bit, y, constantForm(0), node.id), top ? -(2 ** i) : 2 ** i];
    }),
  );
}

/** Whether every term is an input, and with `clear` a clear one. */
function isSumOfInputs({ terms }: Form, { builder }: Making, clear: boolean): boolean {
  return terms.every(([id]) => {
    const cell = builder.cells[id];
    return cell?.kind === 'input' && (!clear || cell.clear === true);
  });
}

/** Choices by clear bits among multiples of a sum of inputs: linear, and nothing is cheaper. */
function productWithClear(clear: Form, sum: Form, making: Making): Form {
  const { min } = making.builder.range(clear);
  const above = combine([[clear, 1]], -min);
  return combine([
    [sum, min],
    [productByBits(above, sum, making), 1],
  ]);
}

/** Choices by the bits of each input among multiples of a computed form, which bits of the query make without a lookup. */
function productWithComputed(fresh: Form, computed: Form, making: Making): Form {
  const { builder } = making;
  let { constant } = fresh;
  const products = fresh.terms.map(([id, coefficient]): [Form, number] => {
    const { min } = builder.cells[id] as Cell;
    constant += coefficient * min;
    const above = combine([[formOfCell(id), 1]], -min);
    return [productByBits(above, computed, making), coefficient];
  });
  return combine([[computed, constant], ...products]);
}

/** A choice by each bit of y, the highest first, among shifted x. */
function shiftByBits(name: 'leftShift' | 'rightShift', x: Form, y: Form, making: Making): Form {
  const { builder, node } = making;
  const { max } = builder.range(y);
  const bits = digitsOf(y, 1, Math.max(1, bitsFor(max + 1)), making);
  const shifted = (by: number): Form =>
    name === 'leftShift'
      ? combine([[x, 2 ** by]])
      : single(x, (value) => Math.floor(value / 2 ** by), making);
  const from = (position: number, by: number): Form => {
    if (position < 0) return shifted(by);
    const without = from(position - 1, by);
    const more = by + 2 ** position;
    if (more > max) return without;
    return builder.where(bits[position] as Form, from(position - 1, more), without, node.id);
  };
  return from(bits.length - 1, 0);
}

/** The exact range where there are few combinations, else null. */
function rangeOfFunction(run: Run, a: Range, b: Range): Range | null {
  if ((a.max - a.min + 1) * (b.max - b.min + 1) > mostCombinations) return null;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let x = a.min; x <= a.max; x++)
    for (let y = b.min; y <= b.max; y++) {
      const value = run([x, y]);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  return { min, max };
}

/** A range that holds all values: products and shifts have theirs at the corners, bitwise functions keep the width. */
function extremes(name: string, run: Run, a: Range, b: Range): Range {
  if (name.startsWith('bitwise')) {
    const bits = Math.max(signedWidth(a), signedWidth(b));
    if (a.min >= 0 && b.min >= 0) return { min: 0, max: 2 ** bits - 1 };
    return { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 };
  }
  const corners = [a.min, a.max].flatMap((x) => [b.min, b.max].map((y) => run([x, y])));
  return { min: Math.min(...corners), max: Math.max(...corners) };
}

function modulo(value: number, modulus: number): number {
  return value - modulus * Math.floor(value / modulus);
}
