/**
 * A layer in training: what it learns, what it computes on a tape, and how it is written down when it has learned.
 */
import type { Random } from '../../../lib/random.ts';
import type { Layer } from '../network.ts';
import type { Parameter } from '../optimizer.ts';
import type { Tape, Value } from '../tape/tape.ts';

/** How far training has come. */
export interface Stage {
  /** Whether values and weights are on their grids; before that they are real numbers. */
  readonly quantized: boolean;
  /** Of inputs that neurons may lose, the share that they have lost, in [0, 1]. */
  readonly pruned: number;
}

/** One pass over a batch. */
export interface Pass extends Stage {
  readonly tape: Tape;
  /** Of each row, what it counts. */
  readonly weights: Float64Array;
  /**
   * What normalizes: the 'batch', which moves the running figures; 'measured', the batch, which becomes the running figures; or
   * the 'running' figures, as when the network is used.
   */
  readonly normalizes: 'batch' | 'measured' | 'running';
}

/** What flows between modules. */
export interface Flow {
  /** Of one row. */
  readonly shape: readonly number[];
  /**
   * 'grid': integers times one power of two. 'sums': weighted sums of such, on a grid of their own for each channel.
   * 'scaled': real numbers, once the network is written.
   */
  readonly kind: 'grid' | 'sums' | 'scaled';
  /** Of a grid, the span of its integers: the largest minus the smallest. */
  readonly span: number;
}

/** A layer in training. */
export interface Module {
  readonly output: Flow;
  readonly parameters: readonly Parameter[];
  /** What changes in training without gradients: running figures, steps, what was pruned. */
  readonly figures: readonly (Float64Array | Uint8Array)[];
  forward(x: Value, pass: Pass): Value;
  /** Chooses steps anew and prunes, at the start of an epoch. */
  settle(stage: Stage): void;
  /** Writes the layers that compute the same. */
  write(writer: Writer, input: Written): Written;
}

/** The result of layers that were written. */
export interface Written {
  readonly position: number;
  /** Where all its values are step * integer + offset, what these are; else null. */
  readonly line: { readonly step: number; readonly offset: number } | null;
}

/** What modules are made with. */
export interface Making {
  readonly random: Random;
  /** Penalty on squares of weights. */
  readonly alpha: number;
}

/** Omit that keeps the members of a union apart. */
type Unnamed<L> = L extends unknown ? Omit<L, 'name'> : never;

/** Layers that are written one after the other. */
export interface Writer {
  readonly layers: Layer[];
  /** Names a layer by its kind and position; the position. */
  add(layer: Unnamed<Layer>): number;
}

/** A writer without layers. */
export function createWriter(): Writer {
  const layers: Layer[] = [];
  return {
    layers,
    add: (layer) => {
      const position = layers.length;
      layers.push({ ...layer, name: `${layer.kind}${position}` } as Layer);
      return position;
    },
  };
}

/** A module that learns nothing. */
export function fixed(module: Pick<Module, 'output' | 'forward' | 'write'>): Module {
  return { ...module, parameters: [], figures: [], settle: () => {} };
}

/** Modules one after the other as one. */
export function chain(modules: readonly Module[], input: Flow): Module {
  return {
    output: modules.at(-1)?.output ?? input,
    parameters: modules.flatMap(({ parameters }) => parameters),
    figures: modules.flatMap(({ figures }) => figures),
    forward: (x, pass) => modules.reduce((value, module) => module.forward(value, pass), x),
    settle: (stage) => {
      for (const module of modules) module.settle(stage);
    },
    write: (writer, input) => modules.reduce((from, module) => module.write(writer, from), input),
  };
}
