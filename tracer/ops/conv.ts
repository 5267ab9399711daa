/**
 * Convolution: windows laid out as a matrix, times the weights.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import { type ArrayResult, argumentOf, locate, type Operand } from '../record.ts';
import { sizeOf } from '../tensor.ts';
import { add } from './arithmetic.ts';
import { matmul } from './matmul.ts';
import { rearrange } from './move.ts';
import { reshape } from './shape.ts';
import { type WindowOptions, type Windows, windowsOf } from './windows.ts';

/** How `conv` works. */
export interface ConvOptions<B extends Operand = Operand> extends Omit<WindowOptions, 'ceilMode'> {
  /** One number per output channel, which is added. Default: null, none. */
  readonly bias?: B | null;
  /** Into how many groups the channels are divided; each output channel reads those of its group. Default: 1. */
  readonly groups?: number;
}

/**
 * Convolution over any number of spatial axes (it does not flip the kernel), in the layout of ONNX: x is
 * [N, C, ...spatial], the weights are [M, C / groups, ...kernel], the result is [N, M, ...windows]. Everything may be
 * traced; with clear weights it is linear.
 *
 * @throws SHAPE_MISMATCH where shapes do not belong together or a window is larger than the padded array; BAD_OPTION
 */
export function conv<X extends Operand, W extends Operand, B extends Operand = never>(
  x: X,
  weight: W,
  options: ConvOptions<B> = {},
): ArrayResult<X | W | B> {
  return locate(() => {
    checkOptions('conv', options, ['bias', 'padding', 'strides', 'dilations', 'groups']);
    const { bias = null, groups = 1 } = options;
    const shape = argumentOf(x, 'conv').shape;
    const weights = argumentOf(weight, 'conv: weight').shape;
    checkShapes(shape, weights, groups);
    const [batch, channels] = shape as [number, number];
    const [features, depth] = weights as [number, number];
    const kernel = weights.slice(2);
    const windows = windowsOf('conv', shape.slice(2), kernel, options);
    const inner = depth * sizeOf(kernel);
    const columns = sizeOf(windows.shape);
    const patches = rearrange('windows', x, () => ({
      shape: [batch, groups, inner, columns],
      index: patchIndex(batch * channels, sizeOf(shape.slice(2)), windows),
      parameters: `[${kernel.join(', ')}]`,
    }));
    const rows = reshape(weight, [groups, features / groups, inner]);
    const products = matmul(rows as Operand, patches as Operand) as Operand;
    const result = reshape(products, [batch, features, ...windows.shape]);
    if (bias === null) return result;
    return add(result as Operand, channelColumn(bias, features, kernel.length));
  }) as ArrayResult<X | W | B>;
}

/** For each of `planes` arrays of `size` elements, each place of a window, and each window: the element there, or -1. */
export function patchIndex(planes: number, size: number, { places }: Windows): Int32Array {
  const kernel = places[0]?.length ?? 0;
  const index = new Int32Array(planes * kernel * places.length);
  let next = 0;
  for (let plane = 0; plane < planes; plane++) {
    for (let k = 0; k < kernel; k++) {
      for (const window of places) {
        const element = window[k]!;
        index[next++] = element < 0 ? -1 : plane * size + element;
      }
    }
  }
  return index;
}

function checkShapes(x: readonly number[], weight: readonly number[], groups: number): void {
  if (!Number.isSafeInteger(groups) || groups < 1) {
    throw error('BAD_OPTION', { what: 'conv: groups', given: groups, allowed: '1 or more' });
  }
  if (x.length < 3) {
    const allowed = '[N, C, ...spatial], with one spatial axis or more';
    const remedy = 'add axes of extent 1 with reshape';
    throw error('SHAPE_MISMATCH', { what: 'conv: x', given: x, allowed, remedy });
  }
  const [, channels] = x as [number, number];
  const [features, depth, ...kernel] = weight as [number, number, ...number[]];
  const fits =
    weight.length === x.length &&
    depth * groups === channels &&
    features % groups === 0 &&
    kernel.every((extent) => extent > 0);
  if (fits) return;
  const parts = groups === 1 ? `${channels}` : `${channels} / ${groups} groups`;
  const outputs = groups === 1 ? 'M' : `M (a multiple of ${groups})`;
  const allowed = `[${outputs}, ${parts}, ${x.length - 2} extents of a kernel]`;
  throw error('SHAPE_MISMATCH', { what: 'conv: weight', given: weight, allowed });
}

/** The bias as [M, 1, ...], to be added to each plane. */
function channelColumn(bias: Operand, features: number, spatial: number): Operand {
  const { shape } = argumentOf(bias, 'conv: bias');
  if (shape.length !== 1 || shape[0] !== features) {
    throw error('SHAPE_MISMATCH', { what: 'conv: bias', given: shape, allowed: [features] });
  }
  return reshape(bias, [features, ...new Array<number>(spatial).fill(1)]) as Operand;
}
