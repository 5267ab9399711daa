/**
 * What a window adds to the outputs, for all values of its inputs.
 */
import type { Elements } from './elements.ts';
import type { Window } from './group.ts';

/** The values that inputs can have, in the order of their codes. */
export type Levels = (input: number) => Float64Array;

/**
 * Entries x outputs: what the parts of a window add. The code of the first input is the lowest digit of an entry's number, in
 * base `levels`.
 */
export function tabulate(
  window: Window,
  elements: Elements,
  levels: Levels,
  outputs: number,
): Float64Array {
  const columns = columnsOf(window, elements, levels);
  const entries = window.inputs.reduce((size, input) => size * levels(input).length, 1);
  const table = new Float64Array(entries * outputs);
  for (const { element, weights } of window.parts) {
    const column = columns(element);
    for (let entry = 0; entry < entries; entry++) {
      const value = column[entry]!;
      if (value === 0) continue;
      for (let k = 0; k < outputs; k++) table[entry * outputs + k]! += value * weights[k]!;
    }
  }
  return table;
}

/** The values of elements by entry, each computed once. */
function columnsOf(
  { inputs }: Window,
  elements: Elements,
  levels: Levels,
): (element: number) => Float64Array {
  const known = new Map<number, Float64Array>();
  let size = 1;
  for (const input of inputs) size *= levels(input).length;
  let stride = 1;
  for (const input of inputs) {
    const own = levels(input);
    const step = stride;
    known.set(
      input,
      Float64Array.from(
        { length: size },
        (_, entry) => own[Math.floor(entry / step) % own.length]!,
      ),
    );
    stride *= own.length;
  }
  const find = (element: number): Float64Array => {
    let column = known.get(element);
    if (column === undefined) {
      column = compute(element);
      known.set(element, column);
    }
    return column;
  };
  const compute = (element: number): Float64Array => {
    const found = elements.of(element);
    switch (found.kind) {
      case 'sum': {
        const column = new Float64Array(size).fill(found.constant);
        for (const [term, weight] of found.terms) {
          const own = find(term);
          for (let entry = 0; entry < size; entry++) column[entry]! += weight * own[entry]!;
        }
        return column;
      }
      case 'map':
        return find(found.of).map((value) => found.function(value));
      case 'fold': {
        const [first, ...others] = found.of.map(find);
        const column = Float64Array.from(first!);
        for (const own of others) {
          for (let entry = 0; entry < size; entry++)
            column[entry] = found.function(column[entry]!, own[entry]!);
        }
        return column;
      }
      default:
        return found satisfies never;
    }
  };
  return find;
}
