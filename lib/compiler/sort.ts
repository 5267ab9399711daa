/**
 * Sorting: rows in ascending order, by counting or by comparing and exchanging.
 *
 * The element at place k of a sorted row is the least value plus the number of thresholds t for which at most k elements
 * are at most t. The counts are sums of tables of the elements, and one rotation looks a count up for all places. So a row
 * of few values takes one lookup for each value, whatever its length; others take a network.
 */
import { type CellBuilder, combine, type Form } from './cells.ts';
import { knownForm } from './known.ts';
import { sortingNetwork } from './sorting-network.ts';
import { type Making, tableOf } from './tabulate.ts';

/** The rows of a node of shape [..., extent], flat, each sorted. */
export function sorted(forms: readonly Form[], making: Making): Form[] {
  const extent = making.node.shape.at(-1) as number;
  const network = sortingNetwork(extent);
  const result: Form[] = [];
  for (let first = 0; first < forms.length; first += extent) {
    const row = forms.slice(first, first + extent);
    const { min, max } = rangeOf(row, making.builder);
    // Each exchange is a lookup, and so is each threshold.
    if (max - min <= network.length) result.push(...byCounting(row, min, max, making));
    else result.push(...byNetwork(row, network, making));
  }
  return result;
}

function rangeOf(row: readonly Form[], builder: CellBuilder): { min: number; max: number } {
  const ranges = row.map((form) => builder.range(form));
  return {
    min: Math.min(...ranges.map(({ min }) => min)),
    max: Math.max(...ranges.map(({ max }) => max)),
  };
}

function byCounting(row: readonly Form[], min: number, max: number, making: Making): Form[] {
  const { graph, node, builder } = making;
  const places: [Form, number][][] = row.map(() => []);
  for (let threshold = min; threshold < max; threshold++) {
    const isBelow = ([value]: readonly number[]) => ((value as number) <= threshold ? 1 : 0);
    const count = combine(row.map((form) => [tableOf(graph, node, [form], isBelow, builder), 1]));
    row.forEach((_, place) => {
      const isAbove = ([value]: readonly number[]) => ((value as number) <= place ? 1 : 0);
      places[place]?.push([tableOf(graph, node, [count], isAbove, builder), 1]);
    });
  }
  return places.map((parts) => combine(parts, min));
}

function byNetwork(
  row: readonly Form[],
  network: readonly (readonly [number, number])[],
  making: Making,
): Form[] {
  const result = [...row];
  for (const [i, j] of network) {
    const [a, b] = [result[i] as Form, result[j] as Form];
    const run = (f: (...both: number[]) => number) => (both: readonly number[]) => f(...both);
    result[i] = knownForm('minimum', run(Math.min), a, b, making);
    result[j] = knownForm('maximum', run(Math.max), a, b, making);
  }
  return result;
}
