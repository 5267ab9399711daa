/** Promises: ranges that np.hint states and that do not follow. A run relies on them; clear evaluation checks them. */
import type { Graph, Location } from '../../tracer/graph.ts';
import type { CellBuilder, Form } from './cells.ts';

/** A value that the user said to be in a range, both ends included. */
export interface RangePromise {
  readonly form: Form;
  readonly min: number;
  readonly max: number;
  /** The node, for errors. */
  readonly what: string;
  readonly location?: Location | undefined;
}

/** The promises of a graph, whose nodes have the forms `arrays`. */
export function promisesOf(
  graph: Graph,
  arrays: readonly (readonly Form[])[],
  builder: CellBuilder,
): RangePromise[] {
  return graph.nodes.flatMap((node) => {
    if (node.op !== 'assume') return [];
    const { id, min, max, location } = node;
    const forms = arrays[node.inputs[0] as number] as readonly Form[];
    const open = forms.filter((form) => {
      const range = builder.range(form);
      return range.min < min || range.max > max;
    });
    return open.map((form) => ({
      form,
      min,
      max,
      what: `%${id} = hint`,
      location: plain(location),
    }));
  });
}

/** Locations are found when they are read: this one is read now. */
function plain(location: Location | undefined): Location | undefined {
  if (location === undefined) return undefined;
  const { file, line, column } = location;
  return { file, line, column };
}
