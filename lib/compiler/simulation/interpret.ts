/** What a plan makes of clear integers when given rounding events fail. */
import type { Form } from '../cells.ts';
import type { RoundingErrors } from './failures.ts';
import {
  formsOf,
  isApproximate,
  type ModelCell,
  resultsOf,
  type SimulatedForm,
  type SimulatedLookup,
  type SimulationModel,
} from './model.ts';

/**
 * The outputs of one row, flat, of its `inputs` (integers, flat). `clear` are the outputs without errors: what no error
 * reaches is taken from it. Without it the whole plan is run, approximate lookups with a standard normal number of
 * `noise` each, or exactly.
 */
export type Interpreter = (
  inputs: Float64Array,
  errors: RoundingErrors,
  clear: Float64Array | null,
  noise?: () => number,
) => Float64Array;

/** The model made ready to run. */
export function interpreter(model: SimulationModel): Interpreter {
  const { cells, lookups, outputs } = model;
  const rotationOf = new Map(
    lookups.flatMap((each, i) => resultsOf(each).map((cell) => [cell, i] as const)),
  );
  const firstEvent = firstEvents(model);
  // Errors in bits reach exact cells too: these then are evaluated as they are read, after the lookups.
  const computesBits = cells.some(({ kind }) => kind === 'bits');

  return (inputs, errors, clear, noise) => {
    const reached = clear === null || computesBits ? everything(model) : reachOf(errors);
    const results = new Map<number, number>();
    const exact = computesBits
      ? lazyValues(cells, inputs, results)
      : knownValues(evaluateCells(cells, inputs, cellsFor(reached)));
    const read = (form: SimulatedForm): number => {
      let value = form.constant + evaluateForm(form.exact, exact);
      for (const [cell, coefficient] of form.lookups)
        value += coefficient * (results.get(cell) ?? exact(cell));
      return value;
    };
    lookups.forEach((lookup, i) => {
      if (!reached.lookups[i]) return;
      const { deviation } = lookup;
      const drift = isApproximate(lookup) && noise !== undefined ? deviation * noise() : 0;
      lookUp(lookup, read(lookup.index), drift, errors.get(i) ?? 0, results);
    });
    return Float64Array.from(outputs, ({ parts, offset }, i) => {
      if (!reached.outputs[i]) return clear?.[i] as number;
      let total = offset;
      parts.forEach(({ form, weight, min, width }, k) => {
        const value = read(form) + (errors.get((firstEvent[i] as number) + k) ?? 0) - min;
        total += weight * (min + modulo(value, 2 ** width));
      });
      return total;
    });
  };

  /** What reads a wrong integer, at once or by way of lookups. */
  function reachOf(errors: RoundingErrors): Reach {
    const reached: boolean[] = [];
    const reads = (event: number, form: SimulatedForm) =>
      errors.has(event) || form.lookups.some(([cell]) => reached[rotationOf.get(cell) as number]);
    for (const [i, { index }] of lookups.entries()) reached.push(reads(i, index));
    return {
      lookups: reached,
      outputs: outputs.map(({ parts }, i) =>
        parts.some(({ form }, k) => reads((firstEvent[i] as number) + k, form)),
      ),
    };
  }

  /** The cells that must be known exactly: results of lookups too, where no error reaches these. */
  function cellsFor(reached: Reach): Uint8Array {
    const needed = new Uint8Array(cells.length);
    const read = (form: SimulatedForm) => {
      for (const [cell] of form.exact.terms) needed[cell] = 1;
      for (const [cell] of form.lookups)
        if (!reached.lookups[rotationOf.get(cell) as number]) needed[cell] = 1;
    };
    lookups.forEach(({ index }, i) => {
      if (reached.lookups[i]) read(index);
    });
    outputs.forEach(({ parts }, i) => {
      if (reached.outputs[i]) for (const { form } of parts) read(form);
    });
    return needed;
  }
}

/** Which rotations and outputs are computed. */
interface Reach {
  readonly lookups: readonly boolean[];
  readonly outputs: readonly boolean[];
}

function everything({ lookups, outputs }: SimulationModel): Reach {
  return { lookups: lookups.map(() => true), outputs: outputs.map(() => true) };
}

/** The number of the first event of each output. */
function firstEvents({ lookups, outputs }: SimulationModel): number[] {
  let next = lookups.length;
  return outputs.map(({ parts }) => {
    next += parts.length;
    return next - parts.length;
  });
}

/** What a rotation gives for an index that is moved by `drift` steps, and whose rounding is off by `error` of them. */
function lookUp(
  { log2Step, reads }: SimulatedLookup,
  index: number,
  drift: number,
  error: number,
  results: Map<number, number>,
): void {
  const position = Math.floor(index / 2 ** log2Step + drift) + error;
  if (reads.kind === 'bit') results.set(reads.cell, modulo(position, 2));
  else
    for (const { cell, offset } of reads.tables)
      results.set(cell, entryAt(reads.entries, offset + position, 2 ** reads.precision));
}

/** The entry at a position: beyond the end there is 0, and beyond `size` all entries follow once more, negated. */
function entryAt(entries: Float64Array, position: number, size: number): number {
  const at = modulo(position, 2 * size);
  const value = entries[at % size] ?? 0;
  return at < size ? value : -value;
}

function modulo(value: number, modulus: number): number {
  return value - modulus * Math.floor(value / modulus);
}

/** The exact value of a cell. */
type Values = (cell: number) => number;

function knownValues(values: Float64Array): Values {
  return (cell) => values[cell] as number;
}

/** Cells evaluated when they are first read, computed bits from the results of their lookups. */
function lazyValues(
  cells: readonly ModelCell[],
  inputs: Float64Array,
  results: ReadonlyMap<number, number>,
): Values {
  const known = new Float64Array(cells.length).fill(Number.NaN);
  const read: Values = (id) => {
    if (Number.isNaN(known[id])) {
      const cell = cells[id] as ModelCell;
      known[id] =
        cell.kind === 'bits'
          ? cell.bits.reduce((sum, bit, j) => sum + 2 ** j * (results.get(bit) as number), 0)
          : evaluateCell(cell, inputs, read);
    }
    return known[id] as number;
  };
  return read;
}

/** The values of the needed cells, exactly; `needed` grows by what these read. */
function evaluateCells(
  cells: readonly ModelCell[],
  inputs: Float64Array,
  needed: Uint8Array,
): Float64Array {
  for (let id = cells.length - 1; id >= 0; id--) {
    if (!needed[id]) continue;
    for (const form of formsOf(cells[id] as ModelCell))
      for (const [cell] of form.terms) needed[cell] = 1;
  }
  const values = new Float64Array(cells.length);
  const read = knownValues(values);
  cells.forEach((cell, id) => {
    if (needed[id]) values[id] = evaluateCell(cell, inputs, read);
  });
  return values;
}

function evaluateCell(cell: ModelCell, inputs: Float64Array, values: Values): number {
  switch (cell.kind) {
    case 'input':
      return inputs[cell.input] as number;
    case 'table':
      return cell.values[evaluateForm(cell.index, values)] as number;
    case 'where':
      return evaluateForm(
        evaluateForm(cell.condition, values) !== 0 ? cell.then : cell.otherwise,
        values,
      );
    case 'bit':
      return modulo(Math.floor(evaluateForm(cell.form, values) / 2 ** cell.position), 2);
    case 'form':
    case 'bits':
      return evaluateForm(cell.form, values);
    default:
      return cell satisfies never;
  }
}

function evaluateForm(form: Form, values: Values): number {
  let value = form.constant;
  for (const [cell, coefficient] of form.terms) value += coefficient * values(cell);
  return value;
}
