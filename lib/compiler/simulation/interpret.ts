/** What a plan makes of clear integers when given rounding events fail. */
import type { Cell, Form } from '../cells.ts';
import type { RoundingErrors } from './failures.ts';
import type { SimulatedForm, SimulationModel } from './model.ts';

/**
 * The outputs of one row, flat, of its `inputs` (integers, flat). `clear` are the outputs without errors: what no error
 * reaches is taken from it. Without it the whole plan is run.
 */
export type Interpreter = (
  inputs: Float64Array,
  errors: RoundingErrors,
  clear: Float64Array | null,
) => Float64Array;

/** The model made ready to run. */
export function interpreter(model: SimulationModel): Interpreter {
  const { cells, lookups, outputs } = model;
  const rotationOf = new Map(lookups.flatMap((each, i) => each.cells.map((cell) => [cell, i])));
  const firstEvent = firstEvents(model);

  return (inputs, errors, clear) => {
    const reached = clear === null ? everything(model) : reachOf(errors);
    const values = evaluateCells(cells, inputs, cellsFor(reached));
    const results = values.slice();
    const rounded = (event: number, form: SimulatedForm): number => {
      let value = form.constant + evaluateForm(form.exact, values) + (errors.get(event) ?? 0);
      for (const [cell, coefficient] of form.lookups)
        value += coefficient * (results[cell] as number);
      return value;
    };
    lookups.forEach(({ index, cells: group, precision }, i) => {
      if (!reached.lookups[i]) return;
      const position = rounded(i, index);
      group.forEach((cell, t) => {
        results[cell] = readTables(cells, group, t, position, 2 ** precision);
      });
    });
    return Float64Array.from(outputs, ({ parts, offset }, i) => {
      if (!reached.outputs[i]) return clear?.[i] as number;
      let total = offset;
      parts.forEach(({ form, weight, min, width }, k) => {
        const value = rounded((firstEvent[i] as number) + k, form) - min;
        total += weight * (min + value - 2 ** width * Math.floor(value / 2 ** width));
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

/** Entry of table `t` at `position`: beyond a table its neighbour follows, beyond the last the first, negated. */
function readTables(
  cells: readonly Cell[],
  group: readonly number[],
  t: number,
  position: number,
  size: number,
): number {
  const total = size * 2 ** Math.ceil(Math.log2(group.length));
  const at = (((t * size + position) % (2 * total)) + 2 * total) % (2 * total);
  const within = at % total;
  const cell = cells[group[Math.floor(within / size)] ?? -1];
  const value = cell?.kind === 'table' ? (cell.values[within % size] ?? 0) : 0;
  return at < total ? value : -value;
}

/** The values of the needed cells, exactly; `needed` grows by what these read. */
function evaluateCells(
  cells: readonly Cell[],
  inputs: Float64Array,
  needed: Uint8Array,
): Float64Array {
  const need = (form: Form) => {
    for (const [cell] of form.terms) needed[cell] = 1;
  };
  for (let id = cells.length - 1; id >= 0; id--) {
    const cell = cells[id] as Cell;
    if (!needed[id] || cell.kind === 'input') continue;
    if (cell.kind === 'table') need(cell.index);
    else for (const form of [cell.condition, cell.then, cell.otherwise]) need(form);
  }
  const values = new Float64Array(cells.length);
  cells.forEach((cell, id) => {
    if (!needed[id]) return;
    if (cell.kind === 'input') values[id] = inputs[cell.input] as number;
    else if (cell.kind === 'table')
      values[id] = cell.values[evaluateForm(cell.index, values)] as number;
    else {
      const chosen = evaluateForm(cell.condition, values) !== 0 ? cell.then : cell.otherwise;
      values[id] = evaluateForm(chosen, values);
    }
  });
  return values;
}

function evaluateForm(form: Form, values: Float64Array): number {
  let value = form.constant;
  for (const [cell, coefficient] of form.terms) value += coefficient * (values[cell] as number);
  return value;
}
