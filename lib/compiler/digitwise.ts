/**
 * Known functions of two wide computed values, digit by digit. The bits of an operand are extracted from the lowest up,
 * each by a lookup of one bit; digits are sums of them, and what is looked up are pairs of digits:
 *
 *     x y = sum 4^(i + j) x_i y_j,    x & y = sum 4^i (x_i & y_i),    x << y = sum 2^(k i) (x_i << y)
 *
 * Negative numbers are in two's complement, the highest digit having the sign.
 */
import { combine, constantForm, type Form, formKey, formOfCell, type Range } from './cells.ts';
import { bitsFor, widthOf } from './lower/diagram.ts';
import { type Making, tableOf } from './tabulate.ts';

type Run = (scalars: readonly number[]) => number;

/** Bits of the wider operand from which on digits may be cheaper than tables of sums and differences. */
const fewestBits = 6;

/** Bits of a digit where pairs of digits are looked up. */
const digitBits = 2;

/** Bits of a lookup: one more bit costs twice as much. */
const lookupBits = 4;

/** Bits of two's complement that hold a range; without a sign where it has no negative values. */
export function signedWidth({ min, max }: Range): number {
  if (min >= 0) return Math.max(1, bitsFor(max + 1));
  return 1 + Math.max(bitsFor(-min), bitsFor(max + 1));
}

/** The form that `make` makes, where an operand is so wide that it may be worth its price. */
export function whereWide(x: Form, y: Form, { builder }: Making, make: () => Form): (() => Form)[] {
  const width = Math.max(...[x, y].map((form) => signedWidth(builder.range(form))));
  return width >= fewestBits ? [make] : [];
}

/** The sum of the products of all digits. */
export function productOfDigits(run: Run, x: Form, y: Form, making: Making): Form {
  const { graph, node, builder } = making;
  const [xs, ys] = [x, y].map((form) => digitsOf(extracted(form, making), digitBits)) as [
    Form[],
    Form[],
  ];
  return combine(
    xs.flatMap((a, i) =>
      ys.map((b, j) => [tableOf(graph, node, [a, b], run, builder), 2 ** (digitBits * (i + j))]),
    ),
  );
}

/** A bitwise function, digit by digit. */
export function bitwiseOfDigits(run: Run, x: Form, y: Form, making: Making): Form {
  const { graph, node, builder } = making;
  const operands = [extracted(x, making), extracted(y, making)];
  const count = Math.ceil(Math.max(...operands.map(({ bits }) => bits.length)) / digitBits);
  const [xs, ys] = operands.map((each) => digitsOf(each, digitBits, count)) as [Form[], Form[]];
  return combine(
    xs.map((digit, i) => [
      tableOf(graph, node, [digit, ys[i] as Form], run, builder),
      2 ** (digitBits * i),
    ]),
  );
}

/** A shift of each digit of x, by the whole of y. */
export function shiftOfDigits(
  name: 'leftShift' | 'rightShift',
  run: Run,
  x: Form,
  y: Form,
  making: Making,
): Form {
  const { graph, node, builder } = making;
  const width = Math.max(1, lookupBits - widthOf(builder.range(y)));
  return combine(
    digitsOf(extracted(x, making), width).map((digit, i) => {
      // Digits to the right lose bits according to their place.
      const unit = 2 ** (width * i);
      const [within, outside] = name === 'rightShift' ? [unit, 1] : [1, unit];
      const shifted = ([a, b]: readonly number[]) => run([(a as number) * within, b as number]);
      return [tableOf(graph, node, [digit, y], shifted, builder), outside];
    }),
  );
}

/** The bits of a form in two's complement, the lowest first; the highest is the sign where there may be one. */
interface Extracted {
  readonly bits: readonly Form[];
  readonly isSigned: boolean;
}

function extracted(form: Form, { builder, node }: Making): Extracted {
  const range = builder.range(form);
  const width = signedWidth(range);
  // All bits read one cell, so that what the operand costs is counted once.
  const operand = builder.alternatives(`operand ${formKey(form)}`, [() => form], range, node.id);
  const isSigned = range.min < 0;
  const { bits } = builder.lowBits(
    combine([[operand, 1]], isSigned ? 2 ** width : 0),
    width,
    node.id,
  );
  return { bits: bits.map(formOfCell), isSigned };
}

/** Digits of `width` bits, `count` of them: those beyond the bits of the number repeat its sign. */
function digitsOf(
  { bits, isSigned }: Extracted,
  width: number,
  count = Math.ceil(bits.length / width),
): Form[] {
  const sign = isSigned ? (bits.at(-1) as Form) : constantForm(0);
  return Array.from({ length: count }, (_, i) => {
    const isHighest = i === count - 1;
    const own = Array.from({ length: width }, (_, k): [Form, number] => {
      const isSign = isHighest && k === width - 1;
      return [bits[width * i + k] ?? sign, isSign && isSigned ? -(2 ** k) : 2 ** k];
    });
    return combine(own);
  });
}
