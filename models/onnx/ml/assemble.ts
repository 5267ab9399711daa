/**
 * The one core of a model, from those of its nodes.
 */
import { error } from '../../../lib/errors.ts';
import { denseNetwork, type LinearForm } from './affine.ts';
import { type CoreOutput, columnsOfRows, type MlContext, type PlacedCore } from './values.ts';

/**
 * The core whose outputs are these, in order: that of one node, or those of several linear models of the same rows as one.
 *
 * @throws UNSUPPORTED_OPERATOR
 */
export function mergedCore({ cores }: MlContext, outputs: readonly CoreOutput[]): PlacedCore {
  const [first] = outputs as readonly [CoreOutput];
  const own = cores[first.core]!;
  const whole =
    outputs.every(({ core, output }, k) => core === first.core && output === k) &&
    outputs.length === outputCount(own);
  if (whole) return own;
  const forms = outputs.map(({ core, output }) => {
    const placed = cores[core]!;
    const form = formOf(placed);
    return placed.rows.step === own.rows.step && form !== null ? rowOf(form, output) : null;
  });
  const known = forms.flatMap((form) => (form === null ? [] : [form]));
  if (known.length !== forms.length) {
    const given = 'scores of several models together, or of a part of one';
    throw error('UNSUPPORTED_OPERATOR', { what: 'fromOnnx', given });
  }
  const form = {
    weights: known.map(({ weights }) => weights[0]!),
    bias: known.map(({ bias }) => bias[0]!),
  };
  const network = denseNetwork('linear models', columnsOfRows(own.rows), form);
  return { core: { kind: 'network', network }, rows: own.rows };
}

function outputCount({ core }: PlacedCore): number {
  return core.kind === 'trees'
    ? core.start.length
    : (formOf({ core } as PlacedCore)?.bias.length ?? 0);
}

/** The form of a core that is a single dense layer. */
function formOf({ core }: PlacedCore): LinearForm | null {
  const layer = core.kind === 'network' ? core.network.layers[0] : undefined;
  if (layer?.kind !== 'dense') return null;
  const { weights, bias } = layer;
  const [outputs, inputs] = weights.shape as [number, number];
  const rows = Array.from({ length: outputs }, (_, k) =>
    weights.data.slice(k * inputs, (k + 1) * inputs),
  );
  return { weights: rows, bias };
}

function rowOf({ weights, bias }: LinearForm, output: number): LinearForm {
  return { weights: [weights[output]!], bias: [bias[output]!] };
}
