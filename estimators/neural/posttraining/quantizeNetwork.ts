/**
 * Networks that were trained in floats, in integers.
 */
import { BlindfitError, error } from '../../../lib/errors.ts';
import { checkOptions } from '../../../lib/options.ts';
import { sizeOf, type Tensor } from '../../../tracer/tensor.ts';
import { evaluateLayers, evaluateNetwork, type Value } from '../evaluate.ts';
import { lowerNetwork } from '../lower/lower.ts';
import { raisePools } from '../lower/pools.ts';
import type { Network } from '../network.ts';
import { networkShapes } from '../shapes.ts';
import { assigner } from './assign.ts';
import { estimatedMicroseconds } from './cost.ts';
import { linearNetwork } from './linear.ts';
import { lossAgainst, lossWithProbes, type Task } from './loss.ts';
import { withProbes } from './probes.ts';
import { type QuantizationReport, reportOf } from './report.ts';
import { searchBits } from './search.ts';
import { skeletonOf, withoutIdentities } from './skeleton.ts';

/** How a network becomes integers. */
export interface QuantizeNetworkOptions {
  /** Largest loss of accuracy; in [0, 1]. Default: 0.005. */
  readonly maxLoss?: number | undefined;
  /** What outputs are for. Default: 'classification' where there are several, else 'regression'. */
  readonly task?: Task | undefined;
  /** Whether the largest output is found on the server. Default: false. */
  readonly compared?: boolean | undefined;
  /** Indices of classes, or targets, of the rows. Default: null, what the float network gives. */
  readonly y?: Tensor | null | undefined;
}

/** A network in integers, and the choices on the way to it. */
export interface QuantizedNetwork {
  readonly network: Network;
  readonly report: QuantizationReport;
}

/** Most rows that are looked at; of more, equally many of each part. */
const mostRows = 2000;

/**
 * The network with grids and integer weights, so that `networkModel` takes it. Ranges and roundings are fitted to rows X
 * ([rows, ...inputShape] or [rows, elements]), a few hundred of what it will meet.
 *
 * @throws SHAPE_MISMATCH, NOT_FINITE for rows; BAD_OPTION; QUANTIZATION_LOSS where no choice keeps the loss;
 * UNSUPPORTED, and what `networkShapes` throws, for the network
 */
export function quantizeNetwork(
  network: Network,
  X: Tensor,
  options: QuantizeNetworkOptions = {},
): QuantizedNetwork {
  checkOptions('quantize', options, ['maxLoss', 'task', 'y', 'compared']);
  const shapes = networkShapes(network);
  const outputs = sizeOf(shapes.at(-1)!);
  const {
    maxLoss = 0.005,
    task = outputs > 1 ? 'classification' : 'regression',
    y = null,
    compared = false,
  } = options;
  if (!(typeof maxLoss === 'number' && maxLoss >= 0 && maxLoss <= 1)) {
    throw error('BAD_OPTION', { what: 'quantize: maxLoss', given: maxLoss, allowed: '0 to 1' });
  }
  if (task !== 'classification' && task !== 'regression') {
    const allowed = "'classification' or 'regression'";
    throw error('BAD_OPTION', { what: 'quantize: task', given: task, allowed });
  }
  const sample = sampled(checkedRows(network, X), y);
  const table = ({ data }: Value): Tensor => ({ shape: [data.length / outputs, outputs], data });
  const ready = hasIntegers(network) ? network : linearNetwork(network, sample.X, compared);
  if (ready !== null) {
    const lossOf = lossAgainst(table(evaluateNetwork(network, sample.X)), task, sample.y);
    const microseconds = estimatedMicroseconds(ready);
    const { loss } = lossOf(table(evaluateNetwork(ready, sample.X)));
    return { network: ready, report: { maxLoss, rows: [{ bits: {}, loss, microseconds }] } };
  }
  const skeleton = skeletonOf(network);
  const judges = task === 'classification' ? withProbes(sample.X) : sample.X;
  const [rows, all] = [sample.X.shape[0]!, judges.shape[0]!];
  const judged = allValues(network, judges);
  const assign = assigner(skeleton, judged, { fitted: rows, all });
  const judgedLossOf = lossWithProbes(
    table(judged(network.layers.length - 1)),
    rows,
    task,
    sample.y,
  );
  const choices = searchBits(
    skeleton,
    assign,
    (made) => judgedLossOf(table(made.outputs)),
    maxLoss,
  );
  const chosen = choices.at(-1)!;
  if (chosen.loss > maxLoss) {
    throw error('QUANTIZATION_LOSS', {
      what: 'quantize',
      given: `a loss of ${chosen.loss.toPrecision(3)}`,
      allowed: `maxLoss ${maxLoss}`,
      remedy: 'raise maxLoss, give more rows, or train the network quantization-aware',
    });
  }
  return {
    network: withoutIdentities(chosen.network),
    report: reportOf(choices, skeleton.layers, maxLoss),
  };
}

/** Whether a network was trained on integers: its input is on a grid, and so are its weights, and what they read. */
function hasIntegers(network: Network): boolean {
  const isOnGrid = network.layers.every(
    (layer) =>
      (layer.kind !== 'dense' && layer.kind !== 'convolution') || layer.weights.steps !== undefined,
  );
  if (!isOnGrid || !network.layers.some(({ kind }) => kind === 'grid')) return false;
  try {
    lowerNetwork(raisePools(network));
    return true;
  } catch (cause) {
    if (cause instanceof BlindfitError && cause.code === 'NOT_QUANTIZED') return false;
    throw cause;
  }
}

/** Rows of the network's inputs, all finite. */
function checkedRows({ inputShape }: Network, X: Tensor): Tensor {
  const size = sizeOf(inputShape);
  const [rows = 0] = X.shape;
  if (rows < 1 || X.data.length !== rows * size) {
    const allowed = `rows of shape [${inputShape.join(', ')}], at least one`;
    throw error('SHAPE_MISMATCH', { what: 'quantize: X', given: X.shape, allowed });
  }
  const wrong = X.data.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return X;
  const what = `quantize: row ${Math.floor(wrong / size)} of X`;
  throw error('NOT_FINITE', { what, given: X.data[wrong] });
}

/** At most so many rows, with their targets. */
function sampled(X: Tensor, y: Tensor | null): { readonly X: Tensor; readonly y: Tensor | null } {
  const [rows] = X.shape as [number];
  if (y !== null && y.shape[0] !== rows) {
    throw error('SHAPE_MISMATCH', { what: 'quantize: y', given: y.shape, allowed: [rows] });
  }
  if (rows <= mostRows) return { X, y };
  const part = (tensor: Tensor): Tensor => {
    const width = tensor.data.length / rows;
    const data = new Float64Array(mostRows * width);
    for (let row = 0; row < mostRows; row++) {
      const from = Math.floor((row * rows) / mostRows);
      data.set(tensor.data.subarray(from * width, (from + 1) * width), row * width);
    }
    return { shape: [mostRows, ...tensor.shape.slice(1)], data };
  };
  return { X: part(X), y: y === null ? null : part(y) };
}

/** The values of all layers for all rows; -1 is the input. */
function allValues(network: Network, X: Tensor): (layer: number) => Value {
  const places = [-1, ...network.layers.keys()];
  const rows = X.shape[0]!;
  const whole: Value[] = [];
  let first = 0;
  for (const part of evaluateLayers(network, X, places)) {
    part.forEach(({ shape, data }, k) => {
      whole[k] ??= { shape, data: new Float64Array(rows * sizeOf(shape)) };
      whole[k].data.set(data, first * sizeOf(shape));
    });
    first += part[0]!.data.length / sizeOf(part[0]!.shape);
  }
  return (layer) => whole[layer + 1]!;
}
