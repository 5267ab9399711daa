/**
 * Steps of weighted sums of bits: whether `sum weight * bit` is below a bound.
 *
 * A polynomial of N equal coefficients is turned by the weight of each bit that is 1, one CMUX a bit whatever the weight. After
 * N coefficients the same ones follow with their signs changed (X^N = -1), so that sums of 2N values have two sides. That is the
 * blind rotation of a bootstrap (Chillotti, Gama, Georgieva and Izabachene 2016) by bits of the query in the place of bits of a
 * key: no keyswitch, no modulus switch, and nothing rounded. A diagram of the same function has a node for each bit and each
 * partial sum.
 *
 * Sums may have computed terms beside those of the query, a threshold for example that is not known before: their bits are
 * made by circuit bootstrapping, and come last, so that what fresh bits turned is turned once for all of them.
 */
import { type Cell, type CellBuilder, combine, type Form, formOfCell } from '../cells.ts';
import { bitOf, hasBits, widthOf } from './diagram.ts';
import { polynomialBits } from './joined.ts';
import type { Prices } from './prices.ts';
import type { Values, WheelTerm } from './value.ts';

type TableCell = Cell & { readonly kind: 'table' };

/** Coefficients of a ciphertext. */
const size = 2 ** polynomialBits;

/** Most ciphertexts of a wheel: with twice as many, turns take twice as long. */
const mostExtended = 4;

/** Bits of a sum of fresh inputs from which on a diagram would have far more nodes than the sum has bits. */
const fewestBits = 24;

/** Bits of computed terms at most: each takes a circuit bootstrap. */
const mostComputed = 16;

/** A table with one step: `before` up to a bound of its index, and `after` from there on. */
interface Step {
  readonly before: number;
  readonly after: number;
  readonly bound: number;
}

/** The same as turns of a wheel: `before` where coefficient `at` then is 1/2. */
export interface TurnedStep {
  readonly turns: readonly { readonly bit: number; readonly by: number }[];
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

const steps = new WeakMap<Float64Array, { readonly step: Step | null }>();

/** The only step of a table; null where there is another, or more entries on one side than a wheel has. */
function stepOf(values: Float64Array): Step | null {
  let known = steps.get(values);
  if (known === undefined) {
    known = { step: findStep(values) };
    steps.set(values, known);
  }
  return known.step;
}

function findStep(values: Float64Array): Step | null {
  const before = values[0] as number;
  const after = values[values.length - 1] as number;
  const bound = values.findIndex((value) => value !== before);
  const step = { before, after, bound };
  if (bound < 0 || sideOf(step, values) > mostExtended * size) return null;
  for (let i = bound; i < values.length; i++) if (values[i] !== after) return null;
  return step;
}

/** Entries on the longer side of a step. */
function sideOf({ bound }: Step, { length }: Float64Array): number {
  return Math.max(bound, length - bound);
}

/**
 * A table as turns; null where it is no single step of a sum of bits, or of so few that a diagram does. `bits` says whether
 * encrypted inputs travel as bits.
 */
export function turnedStep(
  cells: readonly Cell[],
  { index, values, refresh, ignoredBits }: TableCell,
  bits: boolean,
  extension: number,
): TurnedStep | null {
  if (refresh || ignoredBits !== undefined || index.terms.length < 2) return null;
  const read = index.terms.map(([id]) => cells[id] as Cell);
  if (!index.terms.every(([id]) => isOpen(cells, id, bits))) return null;
  const isMixed = read.some(({ kind }) => kind === 'bits') && read.some(isInput);
  if (!isMixed && read.reduce((sum, cell) => sum + widthOf(cell), 0) < fewestBits) return null;
  const step = stepOf(values);
  if (step === null || sideOf(step, values) > size * extension) return null;
  const { before, after, bound } = step;
  const modulo = (value: number): number => moduloOf(value, 2 * size * extension);
  // Computed bits last, in the order in which they were made.
  const terms = [...index.terms].sort(([a], [b]) => orderOf(cells, a) - orderOf(cells, b) || a - b);
  const { start, weights } = weightedBits(cells, { terms, constant: index.constant });
  const turns = weights.map(({ bit, weight }) => ({ bit, by: modulo(weight) }));
  return {
    turns: turns.filter(({ by }) => by !== 0),
    at: modulo(start - bound + size * extension),
    before,
    after,
  };
}

const isInput = ({ kind }: Cell): boolean => kind === 'input';
const orderOf = (cells: readonly Cell[], id: number): number =>
  isInput(cells[id] as Cell) ? 0 : 1;

/** The least number >= 0 that is congruent to `value`. */
export const moduloOf = (value: number, modulus: number): number =>
  ((value % modulus) + modulus) % modulus;

/** A sum of inputs as a sum of their bits, in the order of the terms: what it is where all are 0, and the weight of each. */
export function weightedBits(
  cells: readonly Cell[],
  { terms, constant }: Form,
): {
  readonly start: number;
  readonly weights: readonly { readonly bit: number; readonly weight: number }[];
} {
  const start = terms.reduce(
    (sum, [id, weight]) => sum + weight * (cells[id] as Cell).min,
    constant,
  );
  const weights = terms.flatMap(([id, weight]) =>
    Array.from({ length: widthOf(cells[id] as Cell) }, (_, bit) => ({
      bit: bitOf(id, bit),
      weight: weight * 2 ** bit,
    })),
  );
  return { start, weights };
}

/** How many ciphertexts the wheels of a program are, all alike, so that those of equal sums are turned once. */
export function extensionOf(cells: readonly Cell[], bits: boolean): number {
  let extension = 1;
  for (const cell of cells) {
    if (cell.kind !== 'table' || cell.index.terms.length < 2) continue;
    const half = size * extension;
    if (cell.values.length <= half || !cell.index.terms.some(([id]) => isOpen(cells, id, bits)))
      continue;
    const step = stepOf(cell.values);
    if (step === null) continue;
    const side = sideOf(step, cell.values);
    while (side > size * extension) extension *= 2;
  }
  return extension;
}

/** Whether a cell is an encrypted input whose bits are there, or a value whose bits were computed. */
function isOpen(cells: readonly Cell[], id: number, bits: boolean): boolean {
  const cell = cells[id] as Cell;
  return hasBits(cell, bits) && !(cell.kind === 'input' && cell.clear);
}

/**
 * What a step of a sum of fresh and of computed terms costs as turns: bits of the computed ones, which all that reads them
 * shares, and one CMUX for each bit of all. Infinite where it is no such step.
 */
export function turnedPrice(
  builder: CellBuilder,
  { extension }: Values,
  { index, values, refresh, ignoredBits }: TableCell,
  bits: boolean,
  prices: Prices,
  readersOf: (cell: number) => number,
): number {
  const none = Number.POSITIVE_INFINITY;
  const step = stepOf(values);
  if (refresh || ignoredBits !== undefined || step === null) return none;
  if (sideOf(step, values) > size * extension) return none;
  let [price, computed, fresh] = [0, 0, 0];
  for (const [id] of index.terms) {
    const cell = builder.cells[id] as Cell;
    const width = widthOf(cell);
    price += width * extension * prices.cmux;
    if (isInput(cell)) {
      if (!hasBits(cell, bits) || (cell.kind === 'input' && cell.clear)) return none;
      fresh += width;
    } else {
      computed += width;
      price += (width * prices.gate) / readersOf(id);
    }
  }
  return fresh === 0 || computed === 0 || computed > mostComputed ? none : price;
}

/** A sum with each computed term as a value whose bits turn wheels. */
export function withBits(builder: CellBuilder, index: Form, node: number): Form {
  return combine(
    index.terms.map(([id, coefficient]): [Form, number] => {
      const cell = builder.cells[id] as Cell;
      const form = formOfCell(id);
      if (isInput(cell)) return [form, coefficient];
      const { min } = cell;
      const bits = builder.bits(combine([[form, 1]], -min), widthOf(cell), node);
      return [combine([[bits, 1]], min), coefficient];
    }),
    index.constant,
  );
}

/** The turns by computed bits that a side of one wheel ended with, the last one first, and the wheel before them. */
interface LastTurns {
  readonly key: string;
  readonly turns: readonly { readonly bit: number; readonly by: number }[];
  readonly first: WheelTerm;
}

function lastTurns(values: Values, side: number, coefficient: number): LastTurns | null {
  const value = values.plain(side);
  if (value?.kind !== 'side' || value.weight !== 1) return null;
  const turns: { readonly bit: number; readonly by: number }[] = [];
  let { of } = value;
  for (;;) {
    const turn = values.plain(of);
    if (turn?.kind !== 'turn' || !values.isComputed(turn.bit)) break;
    turns.push(turn);
    of = turn.of;
  }
  if (turns.length === 0) return null;
  const key = turns.map(({ bit, by }) => `${bit} ${by}`).join();
  return { key, turns, first: { of, at: value.at, coefficient } };
}

/**
 * Adds sides that the same computed bits turned last before these turn them, in the place of the terms `[value, coefficient]`:
 * once for all, which is cheaper, and has the noise of one wheel.
 */
export function gatherSides(values: Values, terms: [value: number, coefficient: number][]): void {
  const groups = new Map<string, LastTurns[]>();
  const others = terms.filter(([value, coefficient]) => {
    const last = lastTurns(values, value, coefficient);
    if (last !== null) groups.set(last.key, [...(groups.get(last.key) ?? []), last]);
    return last === null;
  });
  if (groups.size === 0) return;
  const gathered = [...groups.values()].map((group): [number, number] => {
    const [{ turns }] = group as [LastTurns];
    const first = group.map((each) => each.first);
    const weight = first.reduce((sum, { coefficient }) => sum + coefficient, 0);
    const all = turns.reduceRight(
      (of, { bit, by }) => values.turn(bit, of, by),
      values.wheels(first),
    );
    return [values.side(all, 0, weight), 1];
  });
  terms.splice(0, terms.length, ...others, ...gathered);
}
