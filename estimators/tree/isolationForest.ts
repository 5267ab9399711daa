/**
 * Isolation forests.
 */
import { createRandom, type Random } from '../../lib/random.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { classifierParameters } from '../classifier.ts';
import type { FeatureMap, MapKind } from '../featureMap.ts';
import type { ScoreModel } from '../model.ts';
import {
  type LearnedOutliers,
  OutlierDetector,
  type OutlierFitted,
  type OutlierParameters,
  outlierState,
} from '../outlierDetector.ts';
import {
  boolean,
  custom,
  integer,
  isCountOrFraction,
  optional,
  type ParameterTable,
  randomState,
} from '../parameters.ts';
import { clearly } from '../predictor.ts';
import { mixedEdges } from '../quantize/bins.ts';
import { type ComparisonQuantizer, comparisonQuantizer } from '../quantize/comparisons.ts';
import { comparedValueLevels, valueLevels } from '../quantize/leaves.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isCount, isNumbers, type StateTable } from '../state.ts';
import { forestBefore } from './fold.ts';
import { growTree, type Tree } from './grow.ts';
import { type BinnedMatrix, binFeatures } from './histogram.ts';
import { isolationCriterion } from './isolationCriterion.ts';
import { featureCount } from './parameters.ts';
import { isQuantizerOf, isTrees } from './state.ts';
import { depths } from './structure.ts';
import { valueSums } from './valueSums.ts';

/** Parameters of `IsolationForest`, with scikit-learn's defaults. */
export interface IsolationForestParameters extends OutlierParameters {
  /** The number of trees. Default 100. */
  readonly nEstimators: number;
  /** Rows for each tree: a number, of which there are no more than all, or a fraction of all. 'auto' (default): 256. */
  readonly maxSamples: number | 'auto';
  /** The share of outliers among the rows of `fit`, in (0, 0.5]; 'auto' (default): whatever scores below -0.5. */
  readonly contamination: number | 'auto';
  /** Features for each tree: a number, or a fraction of all; null (default, scikit-learn's 1.0): all. */
  readonly maxFeatures: number | null;
  /** Whether the rows of a tree are drawn with replacement. Default false. */
  readonly bootstrap: boolean;
  /** Seed of all random choices. Default null: 0. */
  readonly randomState: number | null;
  /**
   * Thresholds are drawn among 2^nBits - 1 per feature, 1..12, default 6: half at equal shares of the rows, half at equal
   * distances.
   */
  readonly nBits: number;
}

const table: ParameterTable<IsolationForestParameters> = {
  nEstimators: integer(100, 1, 100_000),
  maxSamples: custom<number | 'auto'>(
    'auto',
    "an integer >= 1, a fraction in (0, 1), or 'auto'",
    (value) => value === 'auto' || isCountOrFraction(value, 1),
  ),
  contamination: custom<number | 'auto'>(
    'auto',
    "a number in (0, 0.5], or 'auto'",
    (value) => value === 'auto' || (typeof value === 'number' && value > 0 && value <= 0.5),
  ),
  maxFeatures: optional(
    custom<number>(1, 'an integer >= 1, or a fraction in (0, 1)', (value) =>
      isCountOrFraction(value, 1),
    ),
  ),
  bootstrap: boolean(false),
  randomState,
  nBits: integer(6, 1, 12),
  ...classifierParameters,
};

/** Learned state of an isolation forest. */
export interface IsolationForestFitted extends OutlierFitted {
  readonly trees: readonly Tree[];
  /** Rows drawn for each tree. */
  readonly maxSamples: number;
  /** Features to the answers of all splits. */
  readonly quantizer: ComparisonQuantizer;
}

const state: StateTable<IsolationForestFitted> = {
  ...outlierState,
  trees: (value, { nFeaturesIn }) => isTrees(value, nFeaturesIn, (own) => isNumbers(own, null)),
  maxSamples: (value) => isCount(value, 1),
  quantizer: isQuantizerOf(({ trees }) => trees),
};

/**
 * Trees of random splits between random rows: outliers are alone after few of them (Liu, Ting and Zhou, "Isolation forest",
 * 2008).
 *
 * The score of a row is -2^(-E / c(maxSamples)): E is the mean over trees of the splits on its way plus c(rows in its leaf),
 * and c(n) = 2 H(n - 1) - 2 (n - 1) / n the mean number of splits that it takes to find one of n rows in a random tree.
 *
 * An encrypted prediction adds up the trees' path lengths, integers, on the server, and returns one sum.
 */
export class IsolationForest extends OutlierDetector<
  IsolationForestParameters,
  IsolationForestFitted
> {
  constructor(parameters: Partial<IsolationForestParameters> = {}) {
    super('IsolationForest', table, parameters);
  }

  override get folds(): MapKind {
    return 'monotone';
  }

  override folded(map: FeatureMap): IsolationForestFitted | null {
    return forestBefore(this.fitted, map);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    X: Tensor,
    parameters: IsolationForestParameters,
  ): LearnedOutliers<IsolationForestFitted> {
    const { nEstimators, contamination, nBits, output } = parameters;
    const [rows] = X.shape as [number, number];
    const maxSamples = sampleCount(parameters.maxSamples, rows);
    const bins = binFeatures(X, nBits, { edgesOf: mixedEdges });
    const seeds = createRandom(parameters.randomState ?? 0);
    const trees = Array.from({ length: nEstimators }, () =>
      isolationTree(bins, maxSamples, parameters, createRandom(seeds.integer(2 ** 32))),
    );
    const quantizer = comparisonQuantizer(trees);
    const forest = { trees, maxSamples, quantizer, offset: -0.5 };
    if (contamination === 'auto') return forest;
    // The scores that rows are told apart by: a row of just this share may not be on the other side by rounding.
    const levels = output === 'label' ? comparedValueLevels(nEstimators) : valueLevels;
    const scores = clearly(scoreModel(forest, levels), X).data;
    return { ...forest, offset: percentile(scores, contamination) };
  }

  protected override scores(fitted: IsolationForestFitted): ScoreModel {
    return scoreModel(fitted, valueLevels);
  }

  protected override comparedScores(fitted: IsolationForestFitted): ScoreModel {
    return scoreModel(fitted, comparedValueLevels(fitted.trees.length));
  }
}

register('IsolationForest', IsolationForest);

/** What scores are made of. */
type Isolation = Pick<IsolationForestFitted, 'trees' | 'maxSamples' | 'quantizer' | 'offset'>;

function sampleCount(maxSamples: number | 'auto', rows: number): number {
  if (maxSamples === 'auto') return Math.min(256, rows);
  if (maxSamples < 1) return Math.max(1, Math.floor(maxSamples * rows));
  return Math.min(maxSamples, rows);
}

function isolationTree(
  bins: BinnedMatrix,
  maxSamples: number,
  { bootstrap, maxFeatures }: IsolationForestParameters,
  random: Random,
): Tree {
  const all = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i);
  const features = random
    .shuffle(all(bins.features))
    .slice(0, featureCount(maxFeatures, bins.features));
  const rows = bootstrap
    ? Int32Array.from(new Set(Array.from({ length: maxSamples }, () => random.integer(bins.rows))))
    : random.shuffle(all(bins.rows)).slice(0, maxSamples);
  const settings = {
    splitter: 'random' as const,
    maxDepth: Math.ceil(Math.log2(Math.max(maxSamples, 2))),
    maxLeafNodes: Number.POSITIVE_INFINITY,
    minSamplesSplit: 2,
    minSamplesLeaf: 1,
    minWeightLeaf: 0,
    maxFeatures: 1,
    minImpurityDecrease: 0,
    monotonic: [],
  };
  return growTree(bins, isolationCriterion(), rows, settings, random, features);
}

/** Scores from sums of path lengths, which have so many steps from the shortest to the longest. */
function scoreModel(
  { trees, maxSamples, quantizer, offset }: Isolation,
  levels: number,
): ScoreModel {
  const lengths = new Map(trees.map((tree) => [tree, pathLengths(tree)]));
  const sums = valueSums(trees, quantizer, levels, (tree, leaf) => [lengths.get(tree)![leaf]!]);
  const expected = averagePathLength(maxSamples);
  const dequantize = (outputs: Tensor): Tensor => {
    const { shape, data } = sums.dequantize(outputs);
    // Of a single row there is nothing to compare with.
    return { shape, data: data.map((mean) => -(2 ** -(expected === 0 ? 1 : mean / expected))) };
  };
  const scoreOf = (sum: number): number =>
    dequantize({ shape: [1, 1], data: Float64Array.of(sum) }).data[0]!;
  return { ...sums, dequantize, boundary: lastBelow(scoreOf, offset, levels * trees.length) };
}

/** The largest integer from -1 to `most` for which an increasing function is below a limit (of -1 it need not be). */
function lastBelow(increasing: (value: number) => number, limit: number, most: number): number {
  let below = -1;
  let above = most + 1;
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (increasing(middle) < limit) below = middle;
    else above = middle;
  }
  return below;
}

/** Of each node, the splits above it, and those that its rows would take to be told apart. */
function pathLengths(tree: Tree): number[] {
  return depths(tree).map((depth, id) => depth + averagePathLength(tree.nNodeSamples[id]!));
}

/** Mean length of the way to one of n rows in a random tree: 2 (ln(n - 1) + Euler's constant) - 2 (n - 1) / n. */
function averagePathLength(rows: number): number {
  if (rows <= 1) return 0;
  if (rows === 2) return 1;
  return 2 * (Math.log(rows - 1) + 0.5772156649015329) - (2 * (rows - 1)) / rows;
}

/** The value below which a share of all lies, interpolated between neighbours: numpy's `percentile`. */
function percentile(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  const high = sorted[Math.ceil(at)]!;
  return low + (high - low) * (at - Math.floor(at));
}
