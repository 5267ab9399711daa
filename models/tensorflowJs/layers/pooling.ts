/**
 * Maxima and means of windows, and of all places at once.
 */
import { appended } from '../draft.ts';
import type { LayerKind } from '../layerKind.ts';
import { channelsLast, flag, lengths, lengthsOf, oneOf } from '../options.ts';
import { checkRank, windowOf } from '../windows.ts';

/** Windows of `pool_size`, which move by it unless `strides` says otherwise. Padding counts in neither. */
export function pooling(kind: 'maxPool' | 'averagePool', rank: number): LayerKind {
  return {
    options: {
      pool_size: lengths(rank),
      strides: lengths(rank),
      padding: oneOf('valid', 'same'),
      data_format: channelsLast,
    },
    build(call, [value], draft) {
      checkRank(call, value!, rank + 1);
      const kernel = lengthsOf(call.config.pool_size, rank, 2);
      const { strides, dilations, padding, places } = windowOf(call, value!, kernel, kernel);
      const layer = {
        ...({ kind, name: call.name, input: value!.layer } as const),
        ...{ kernel, strides, dilations, padding, countsPadding: false },
      };
      return appended(draft, layer, [...places, value!.shape.at(-1)!]);
    },
  };
}

/** The maximum or the mean of each channel. */
export function globalPooling(kind: 'max' | 'mean', rank: number): LayerKind {
  return {
    options: { data_format: channelsLast, keepdims: flag },
    build(call, [value], draft) {
      checkRank(call, value!, rank + 1);
      const channels = value!.shape.at(-1)!;
      const keepsAxes = call.config.keepdims === true;
      const axes = Array.from({ length: rank }, (_, axis) => axis + 1);
      const shape = keepsAxes ? [...axes.map(() => 1), channels] : [channels];
      const { name } = call;
      return appended(draft, { kind, name, input: value!.layer, axes, keepsAxes }, shape);
    },
  };
}
