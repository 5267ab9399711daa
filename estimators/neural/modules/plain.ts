/**
 * Layers without weights of their own: normalization, pools, sums of branches, other shapes.
 */
import { sizeOf } from '../../../tracer/tensor.ts';
import { add } from '../tape/elementwise.ts';
import { gather, reshape } from '../tape/gather.ts';
import { lineOf, normalization, normalize, normalizeByRunning } from '../tape/normalize.ts';
import { maximum, mean } from '../tape/reduce.ts';
import { lineLayer } from './activations.ts';
import { type Flow, fixed, type Module } from './module.ts';
import { pooled, type Windows } from './windows.ts';

/** Batch normalization of channels: a line for each, once it has learned, which the function after it takes in. */
export function normalizationModule(input: Flow): Module {
  const [channels, ...rest] = input.shape as [number, ...number[]];
  const own = normalization(channels);
  return {
    output: { shape: input.shape, kind: 'scaled', span: 0 },
    parameters: [
      { value: own.gamma, decay: 0 },
      { value: own.beta, decay: 0 },
    ],
    figures: [own.mean, own.variance],
    settle: () => {},
    forward: (x, { tape, normalizes, weights }) =>
      normalizes === 'running'
        ? normalizeByRunning(tape, x, own)
        : normalize(tape, x, own, weights, normalizes === 'measured'),
    write: (writer, { position }) => {
      const { factor, offset } = lineOf(own);
      const shape = [channels, ...rest.map(() => 1)];
      const line = lineLayer(position, Array.from(factor), Array.from(offset), shape);
      return { position: writer.add(line), line: null };
    },
  };
}

/** The largest or the mean of each window. */
export function poolModule(input: Flow, kind: 'maxPool' | 'averagePool', windows: Windows): Module {
  const { kernel, strides, padding } = windows;
  const { positions, places } = pooled(input.shape, windows);
  const shape = [input.shape[0]!, ...positions];
  const count = kind === 'averagePool' ? sizeOf(kernel) : 1;
  return fixed({
    output: { shape, kind: 'grid', span: input.span * count },
    forward: (x, { tape }) => {
      const each = gather(tape, x, places);
      return kind === 'maxPool' ? maximum(tape, each) : mean(tape, each);
    },
    write: (writer, { position, line }) => ({
      position: writer.add({
        kind,
        input: position,
        kernel,
        strides,
        dilations: kernel.map(() => 1),
        padding,
        countsPadding: true,
      }),
      line: { step: line!.step / count, offset: line!.offset },
    }),
  });
}

/** All elements in one row. */
export function flattenModule(input: Flow): Module {
  const shape = [sizeOf(input.shape)];
  return fixed({
    output: { ...input, shape },
    forward: (x) => reshape(x, shape),
    write: (writer, { position, line }) => ({
      position: writer.add({
        kind: 'move',
        inputs: [position],
        shape,
        from: Array.from({ length: shape[0]! }, (_, i) => i),
        fill: 0,
      }),
      line,
    }),
  });
}

/** x plus what the modules make of it. */
export function residualModule(input: Flow, inside: Module): Module {
  return {
    ...inside,
    output: { shape: input.shape, kind: 'sums', span: 0 },
    forward: (x, pass) => add(pass.tape, x, inside.forward(x, pass)),
    write: (writer, from) => {
      const { position } = inside.write(writer, from);
      const inputs = [from.position, position] as const;
      return { position: writer.add({ kind: 'add', inputs }), line: null };
    },
  };
}
