/**
 * What fitted models would predict without integers: from what they learned, in floating point, and without a line of the
 * code that predictions use.
 */
import type {
  BoostedState,
  BoostedTree,
  ExplainableBoostingRegressorFitted,
  GaussianNBFitted,
  KMeansFitted,
  LinearState,
  MultinomialNBFitted,
  NearestCentroidFitted,
  Network,
  Tree,
} from '../../../../estimators/index.ts';

/** The learned state of any model. */
export type AnyFitted = Readonly<Record<string, unknown>>;

/** Outputs for one row of features. */
export type RowModel = (row: readonly number[]) => readonly number[];

/** Labels of classifiers and clusters, numbers of regressors (lists where they have several), scores of outlier detectors. */
export type Prediction = number | readonly number[];

/** The prediction for each row. @throws where the learned state is of no known family */
export function floatPredictions(
  fitted: AnyFitted,
  X: readonly (readonly number[])[],
): Prediction[] {
  const outputsOf = families.find(({ key }) => key in fitted)?.model(fitted as never);
  if (outputsOf === undefined) throw new Error(`no float model: ${Object.keys(fitted)}`);
  const { classes, targetShape } = fitted as {
    readonly classes?: readonly number[];
    readonly targetShape?: readonly number[];
  };
  return X.map((row) => {
    const outputs = outputsOf(row);
    if (classes !== undefined) return classes[winner(outputs)]!;
    if ('clusterCenters' in fitted) return winner(outputs);
    return targetShape?.length === 1 ? outputs : outputs[0]!;
  });
}

/** How to make a model of learned state, which is of the family where it has the key. */
interface Family {
  readonly key: string;
  readonly model: (fitted: never) => RowModel;
}

const families: readonly Family[] = [
  { key: 'coefficients', model: polynomial },
  { key: 'coef', model: linear },
  { key: 'offset', model: isolation },
  { key: 'tree', model: ({ tree }: { readonly tree: Tree }) => forest({ trees: [tree] }) },
  { key: 'trees', model: forest },
  { key: 'rounds', model: boosted },
  { key: 'termScores', model: additive },
  { key: 'theta', model: gaussian },
  { key: 'featureLogProb', model: discrete },
  { key: 'centroids', model: centroids },
  { key: 'clusterCenters', model: clusters },
  { key: 'network', model: network },
];

/** w x + b, or the mean that a link makes of it. */
function linear({ coef, intercept, link }: LinearState & { readonly link?: string }): RowModel {
  return (row) =>
    coef.map((own, k) => {
      const sum = own.reduce((all, weight, j) => all + weight * row[j]!, intercept[k]!);
      return link === 'log' ? Math.exp(sum) : sum;
    });
}

/** sum_k c_k t^k of the feature's place t in its range. */
function polynomial({
  coefficients,
  feature,
  center,
  halfSpan,
}: {
  readonly coefficients: readonly number[];
  readonly feature: number;
  readonly center: number;
  readonly halfSpan: number;
}): RowModel {
  return (row) => {
    const t = (row[feature]! - center) / halfSpan;
    return [coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0)];
  };
}

/** The mean over trees of what their leaves hold. */
function forest({ trees }: { readonly trees: readonly Tree[] }): RowModel {
  return (row) => {
    const leaves = trees.map((tree) => tree.value[leafOf(tree, row)]!);
    return leaves[0]!.map((_, k) => mean(leaves.map((leaf) => leaf[k]!)));
  };
}

/** -2^-(mean path / expected path) of an isolation forest. */
function isolation({
  trees,
  maxSamples,
}: {
  readonly trees: readonly Tree[];
  readonly maxSamples: number;
}): RowModel {
  return (row) => {
    const paths = trees.map((tree) => {
      const leaf = leafOf(tree, row);
      return wayTo(tree, row).length - 1 + expectedPath(tree.nNodeSamples[leaf]!);
    });
    return [-(2 ** -(mean(paths) / expectedPath(maxSamples)))];
  };
}

/** Mean path to one of n rows in a random tree. */
function expectedPath(rows: number): number {
  if (rows <= 2) return Math.max(0, rows - 1);
  return 2 * (0.5772156649015329 + Math.log(rows - 1) - (rows - 1) / rows);
}

/** Start + sum over rounds of the leaf's value. */
function boosted({ start, rounds, loss }: BoostedState & { readonly loss?: string }): RowModel {
  return (row) =>
    start.map((first, k) => {
      const score = rounds.reduce((sum, trees) => sum + boostedLeaf(trees[k]!, row), first);
      return loss === 'poisson' ? Math.exp(score) : score;
    });
}

function boostedLeaf(tree: BoostedTree, row: readonly number[]): number {
  return tree.value[leafOf(tree, row)]!;
}

/** Intercept + sum of one entry of each table. */
function additive({
  termScores,
  intercept,
  quantizer,
}: ExplainableBoostingRegressorFitted): RowModel {
  return (row) => {
    const entries = quantizer.terms.map(({ features, edges }, t) => {
      const cell = features.reduce((sum, feature, i) => {
        const bin = edges[i]!.filter((edge) => edge < row[feature]!).length;
        // One more bin is that of missing values.
        return sum * (edges[i]!.length + 2) + bin;
      }, 0);
      return termScores[t]![cell]!;
    });
    return intercept.map((first, k) => entries.reduce((sum, entry) => sum + entry[k]!, first));
  };
}

/** Logarithms of normal densities and of the priors. */
function gaussian({ theta, var: variances, classPrior }: GaussianNBFitted): RowModel {
  return (row) =>
    theta.map((means, k) =>
      means.reduce((sum, center, j) => {
        const variance = variances[k]![j]!;
        const density = Math.log(2 * Math.PI * variance) + (row[j]! - center) ** 2 / variance;
        return sum - density / 2;
      }, Math.log(classPrior[k]!)),
    );
}

/** Logarithms of the probabilities of counts, or of bits where a threshold makes them, and of the priors. */
function discrete({
  featureLogProb,
  classLogPrior,
  binarize,
}: MultinomialNBFitted & { readonly binarize?: number }): RowModel {
  return (row) =>
    featureLogProb.map((own, k) =>
      own.reduce((sum, logarithm, j) => {
        if (binarize === undefined) return sum + row[j]! * logarithm;
        return sum + (row[j]! > binarize ? logarithm : Math.log1p(-Math.exp(logarithm)));
      }, classLogPrior[k]!),
    );
}

/** Negative squared distances. */
function centroids(fitted: NearestCentroidFitted): RowModel {
  return nearness(fitted.centroids);
}

function clusters({ clusterCenters }: KMeansFitted): RowModel {
  return nearness(clusterCenters);
}

function nearness(centers: readonly (readonly number[])[]): RowModel {
  return (row) =>
    centers.map((center) => -center.reduce((sum, value, j) => sum + (row[j]! - value) ** 2, 0));
}

/** Layers of a network whose rows have no other shape than [features], one after the other. */
function network({ network: { layers } }: { readonly network: Network }): RowModel {
  return (row) => layers.reduce(layerOutputs, row);
}

function layerOutputs(x: readonly number[], layer: Network['layers'][number]): readonly number[] {
  switch (layer.kind) {
    case 'dense':
      return layer.bias.map((first, k) =>
        x.reduce((sum, own, j) => sum + own * layer.weights.data[k * x.length + j]!, first),
      );
    case 'scale':
      return x.map((own, j) => own * layer.factor.data[j]! + layer.offset.data[j]!);
    case 'activation':
      return x.map((own) => Math.max(own, 0));
    case 'grid':
      // Networks learn with their grids: without them, they would be other functions.
      return x.map((own) => {
        const nearest = Math.round(own / layer.step[0]!);
        return layer.step[0]! * Math.min(Math.max(nearest, layer.min), layer.max);
      });
    default:
      throw new Error(`no float model: ${layer.kind}`);
  }
}

type Nodes = Pick<Tree, 'childrenLeft' | 'childrenRight' | 'feature' | 'threshold'>;

function leafOf(tree: Nodes, row: readonly number[]): number {
  return wayTo(tree, row).at(-1)!;
}

/** The nodes that a row goes through, the root first and a leaf last. */
function wayTo(
  { childrenLeft, childrenRight, feature, threshold }: Nodes,
  row: readonly number[],
): number[] {
  const way = [0];
  for (let id = 0; feature[id]! >= 0; way.push(id)) {
    id = row[feature[id]!]! <= threshold[id]! ? childrenLeft[id]! : childrenRight[id]!;
  }
  return way;
}

/** The class of the largest output; of one output, whether it is above 0. */
function winner(outputs: readonly number[]): number {
  if (outputs.length === 1) return Number(outputs[0]! > 0);
  return outputs.indexOf(Math.max(...outputs));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
