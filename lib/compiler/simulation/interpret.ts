/** What a plan makes of clear integers, many rows at once, where given rounding events fail. */
import { error } from '../../errors.ts';
import type { Form } from '../cells.ts';
import type { FailingRow } from './failures.ts';
import { isApproximate, type SimulatedForm, type SimulationModel } from './model.ts';
import { type Step, stepsOf } from './steps.ts';

/** Values that are kept at once; rows are computed in pieces of about this size. */
const PIECE = 2 ** 18;

/**
 * The outputs of `rows` rows of `inputs`, flat and one row after the other. `failing` names the rows in which events
 * fail, ascending; null for clear evaluation, which throws OUT_OF_RANGE where a promise is broken. Approximate lookups
 * draw their noise from `random` (uniform in [0, 1)); without it they are exact.
 */
export type Interpreter = (
  inputs: Float64Array,
  rows: number,
  failing: readonly FailingRow[] | null,
  random: (() => number) | null,
) => Float64Array;

/** The model made ready to run. */
export function interpreter(model: SimulationModel): Interpreter {
  const steps = stepsOf(model);
  const piece = Math.max(1, Math.floor(PIECE / Math.max(1, steps.length)));
  return (inputs, rows, failing, random) => {
    const [inputSize, outputSize] = [inputs.length / rows, model.outputs.length];
    const outputs = new Float64Array(rows * outputSize);
    let next = 0;
    for (let start = 0; start < rows; start += piece) {
      const count = Math.min(piece, rows - start);
      const first = next;
      while (failing?.[next] !== undefined && (failing[next] as FailingRow).row < start + count)
        next++;
      const batch = new Batch(
        model,
        inputs.subarray(start * inputSize, (start + count) * inputSize),
        count,
        byEvent(failing?.slice(first, next) ?? [], start),
        random,
      );
      for (const step of steps) batch.run(step);
      if (failing === null) batch.checkPromises();
      outputs.set(batch.outputs(), start * outputSize);
    }
    return outputs;
  };
}

/** Errors of one event: the rows of a batch in which it fails, and by how much it is off there. */
type EventErrors = readonly (readonly [row: number, error: number])[];

function byEvent(failing: readonly FailingRow[], start: number): Map<number, EventErrors> {
  const events = new Map<number, (readonly [number, number])[]>();
  for (const { row, errors } of failing)
    for (const [event, error] of errors) {
      const known = events.get(event);
      if (known === undefined) events.set(event, [[row - start, error]]);
      else known.push([row - start, error]);
    }
  return events;
}

/** Some rows on their way through the plan. */
class Batch {
  readonly #model: SimulationModel;
  readonly #inputs: Float64Array;
  readonly #rows: number;
  readonly #errors: ReadonlyMap<number, EventErrors>;
  readonly #random: (() => number) | null;
  /** By cell: its value as a diagram computes it, and as a lookup does. */
  readonly #exact: Float64Array[] = [];
  readonly #results: Float64Array[] = [];

  constructor(
    model: SimulationModel,
    inputs: Float64Array,
    rows: number,
    errors: ReadonlyMap<number, EventErrors>,
    random: (() => number) | null,
  ) {
    this.#model = model;
    this.#inputs = inputs;
    this.#rows = rows;
    this.#errors = errors;
    this.#random = random;
  }

  run({ kind, at }: Step): void {
    if (kind === 'lookup') this.#lookUp(at);
    else this.#exact[at] = this.#cell(at);
  }

  /** @throws OUT_OF_RANGE */
  checkPromises(): void {
    for (const { form, min, max, what, location } of this.#model.promises) {
      const broken = this.#form(form).find((value) => value < min || value > max);
      if (broken === undefined) continue;
      const allowed = `${min} to ${max}, as promised`;
      const remedy = 'widen the hint, or clip the value';
      throw error('OUT_OF_RANGE', { what, given: broken, allowed, remedy, location });
    }
  }

  /** What the client decrypts, row by row. */
  outputs(): Float64Array {
    const { lookups, outputs } = this.#model;
    const result = new Float64Array(this.#rows * outputs.length);
    let event = lookups.length;
    outputs.forEach(({ parts, offset }, i) => {
      for (let row = 0; row < this.#rows; row++) result[row * outputs.length + i] = offset;
      for (const { form, weight, min, width } of parts) {
        const values = this.#read(form);
        this.#disturb(values, event++);
        for (let row = 0; row < this.#rows; row++) {
          const at = row * outputs.length + i;
          const value = min + modulo((values[row] as number) - min, 2 ** width);
          result[at] = (result[at] as number) + weight * value;
        }
      }
    });
    return result;
  }

  #cell(id: number): Float64Array {
    const cell = this.#model.cells[id] as SimulationModel['cells'][number];
    switch (cell.kind) {
      case 'input':
        return this.#input(cell.input);
      case 'table': {
        const values = this.#form(cell.index);
        for (let row = 0; row < values.length; row++)
          values[row] = cell.values[values[row] as number] as number;
        return values;
      }
      case 'where': {
        const [condition, then, otherwise] = [cell.condition, cell.then, cell.otherwise].map(
          (form) => this.#form(form),
        ) as [Float64Array, Float64Array, Float64Array];
        for (let row = 0; row < condition.length; row++)
          condition[row] = (condition[row] !== 0 ? then : otherwise)[row] as number;
        return condition;
      }
      case 'form':
        return this.#form(cell.form);
      case 'bit': {
        const values = this.#form(cell.form);
        const unit = 2 ** cell.position;
        for (let row = 0; row < values.length; row++)
          values[row] = modulo(Math.floor((values[row] as number) / unit), 2);
        return values;
      }
      case 'bits': {
        const bits = cell.bits.map((bit, j): [number, number] => [bit, 2 ** j]);
        return this.#sum(0, bits, this.#results);
      }
      default:
        return cell satisfies never;
    }
  }

  #input(input: number): Float64Array {
    const values = new Float64Array(this.#rows);
    const size = this.#inputs.length / this.#rows;
    for (let row = 0; row < values.length; row++)
      values[row] = this.#inputs[row * size + input] as number;
    return values;
  }

  #lookUp(at: number): void {
    const lookup = this.#model.lookups[at] as SimulationModel['lookups'][number];
    const { index, log2Step, deviation, reads } = lookup;
    const random = isApproximate(lookup) ? this.#random : null;
    const positions = this.#read(index);
    const step = 2 ** log2Step;
    // Between two integers is the border of steps, so that no exact index is on it.
    for (let row = 0; row < positions.length; row++) {
      const drift = random === null ? 0 : deviation * gaussian(random);
      positions[row] = Math.floor(((positions[row] as number) + 0.5) / step + drift);
    }
    this.#disturb(positions, at);
    if (reads.kind === 'bit') this.#results[reads.cell] = positions.map((at) => modulo(at, 2));
    else
      for (const { cell, offset } of reads.tables)
        this.#results[cell] = entriesAt(reads.entries, positions, offset, 2 ** reads.precision);
  }

  /** The errors of an event, added to the integers that it rounds to. */
  #disturb(values: Float64Array, event: number): void {
    for (const [row, error] of this.#errors.get(event) ?? [])
      values[row] = (values[row] as number) + error;
  }

  #read({ exact, lookups, constant, choices = [] }: SimulatedForm): Float64Array {
    const known = this.#sum(constant + exact.constant, exact.terms, this.#exact);
    const values = lookups.length === 0 ? known : this.#sum(known, lookups, this.#results);
    for (const { condition, form } of choices) {
      const [isChosen, chosen] = [this.#form(condition), this.#read(form)];
      for (let row = 0; row < values.length; row++)
        if (isChosen[row] !== 0) values[row] = (values[row] as number) + (chosen[row] as number);
    }
    return values;
  }

  #form({ terms, constant }: Form): Float64Array {
    return this.#sum(constant, terms, this.#exact);
  }

  /** A weighted sum of cells on top of a constant or of values. */
  #sum(
    start: number | Float64Array,
    terms: Form['terms'],
    cells: readonly Float64Array[],
  ): Float64Array {
    const sum =
      typeof start === 'number' ? new Float64Array(this.#rows).fill(start) : start.slice();
    for (const [cell, coefficient] of terms) {
      const values = cells[cell] as Float64Array;
      for (let row = 0; row < sum.length; row++)
        sum[row] = (sum[row] as number) + coefficient * (values[row] as number);
    }
    return sum;
  }
}

/**
 * The entries at positions from `offset` on: beyond the end there is 0, and beyond `size` all entries follow once more,
 * negated.
 */
function entriesAt(
  entries: Float64Array,
  positions: Float64Array,
  offset: number,
  size: number,
): Float64Array {
  const values = new Float64Array(positions.length);
  for (let row = 0; row < values.length; row++) {
    const position = offset + (positions[row] as number);
    const at = position >= 0 && position < size ? position : modulo(position, 2 * size);
    if (at < size) values[row] = entries[at] ?? 0;
    else values[row] = 0 - (entries[at - size] ?? 0);
  }
  return values;
}

function modulo(value: number, modulus: number): number {
  return value - modulus * Math.floor(value / modulus);
}

/** A standard normal number by Box and Muller's method. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
