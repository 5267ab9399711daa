/**
 * Learning an additive model: bags of boosted tables, averaged and centred.
 */
import { createRandom, type Random } from '../../lib/random.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import type { Fitted } from '../estimator.ts';
import { edgesOfBins } from '../quantize/bins.ts';
import { isSteps, isSums } from '../quantize/state.ts';
import {
  type BinnedTerm,
  binCounts,
  cellsOf,
  quantizeTables,
  type StepQuantizer,
  stepRange,
  type Tables,
} from '../quantize/steps.ts';
import type { IntegerSums } from '../quantize/sums.ts';
import {
  isAscending,
  isCount,
  isIndices,
  isList,
  isMatrix,
  isNumbers,
  isSame,
  type StateTest,
} from '../state.ts';
import { type Bag, type Boosted, boost, roomFor, type Term } from './boost.ts';
import { tablesForm } from './integers.ts';
import type { Loss } from './losses.ts';
import { strength } from './pairs.ts';
import { type AdditiveParameters, checkPairs } from './parameters.ts';

/** What additive models learn, K' being their outputs: 1 for numbers and for two classes, else the number of classes. */
export interface AdditiveLearned {
  /** Columns of each term: those of one feature in their order, then pairs. */
  readonly termFeatures: readonly (readonly number[])[];
  /**
   * Scores by term, cell and output. Cells of a term of one feature are its bins, and then that of missing values; those of
   * a pair are all bins of the second column for the first bin of the first one, and so on. Their mean over the training
   * rows is 0.
   */
  readonly termScores: Tables;
  /** Edges between the bins of each feature in terms of its own: a value's bin is the number of edges below it. */
  readonly binEdges: readonly (readonly number[])[];
  /** K'. */
  readonly intercept: readonly number[];
  /** Mean absolute score of each term over the training rows, and over outputs. */
  readonly termImportances: readonly number[];
  /** Rounds of each bag: for terms of one feature, and for pairs where there are some. */
  readonly bestIteration: readonly (readonly number[])[];
  /** Features to integers. */
  readonly quantizer: StepQuantizer;
  /** The integers that stand for `termScores` and `intercept`. */
  readonly integerSums: IntegerSums;
}

/** The tests of `AdditiveLearned`, for so many outputs. Terms are of the features before a map that was taken over. */
export function additiveState<F extends AdditiveLearned & Fitted>(
  outputsOf: (state: F) => number,
): { readonly [Name in keyof AdditiveLearned]: StateTest<F> } {
  return {
    quantizer: (value, { nFeaturesIn }) => isSteps(value, nFeaturesIn),
    termFeatures: (value, { quantizer }) =>
      isList(value, quantizer.terms.length, (columns) =>
        isIndices(columns, null, Number.MAX_SAFE_INTEGER),
      ),
    termScores: (value, state) => {
      const { terms, missing } = state.quantizer;
      return isList(value, terms.length, (table, t) => {
        const cells = binCounts(terms[t]!, missing).reduce((a, b) => a * b, 1);
        return isMatrix(table, cells, outputsOf(state));
      });
    },
    binEdges: (value) => isList(value, null, isAscending),
    intercept: (value, state) => isNumbers(value, outputsOf(state)),
    termImportances: (value, { quantizer }) => isNumbers(value, quantizer.terms.length),
    bestIteration: (value) =>
      isList(value, null, (stage) => isList(stage, null, (rounds) => isCount(rounds))),
    integerSums: (value, { quantizer, termScores, intercept }) => {
      const { steps } = quantizer;
      const inputs = steps.reduce((sum, own) => sum + own.length, 0);
      if (!isSums(value, inputs, intercept.length, stepRange)) return false;
      const derived = quantizeTables(termScores, intercept, value.scale);
      return isSame({ steps, integerSums: value }, derived);
    },
  };
}

/** Rows of training. `groups`: classes, whose shares all bags keep; one group for regression. */
export interface AdditiveData {
  readonly X: Tensor;
  readonly loss: Loss;
  readonly groups: Int32Array;
  readonly weights: Float64Array;
}

/** Learns. @throws BAD_OPTION for pairs of columns that are not there */
export function fitAdditive(
  name: string,
  data: AdditiveData,
  parameters: AdditiveParameters,
  output: 'scores' | 'label',
): AdditiveLearned {
  const { X, loss, weights } = data;
  const { outputs } = loss;
  const { interactions, outerBags, maxBins } = parameters;
  const features = X.shape[1]!;
  if (typeof interactions !== 'number') checkPairs(`${name}.interactions`, interactions, features);
  const random = createRandom(parameters.randomState ?? 0);
  const bags = Array.from({ length: outerBags }, () => bagOf(data, parameters, random));

  const singles = binned(X, maxBins).map(
    (edges, j): BinnedTerm => ({ features: [j], edges: [edges] }),
  );
  const onRows = (term: BinnedTerm): Term => ({
    cells: cellsOf(term, true, X),
    bins: binCounts(term, true),
  });
  const singleTerms = singles.map(onRows);
  const ofSingles = bags.map((bag) => boost(singleTerms, outputs, loss.begin(), bag, parameters));
  const pairs =
    interactions === 0 ? [] : pairTerms(data, singleTerms, averages(ofSingles), parameters);
  const pairsOnRows = pairs.map(onRows);
  const ofPairs =
    pairs.length === 0
      ? []
      : bags.map((bag, b) => {
          const state = loss.begin();
          ofSingles[b]!.tables.forEach((table, t) => {
            state.add(singleTerms[t]!.cells, table);
          });
          return boost(pairsOnRows, outputs, state, bag, parameters);
        });

  const terms = [...singles, ...pairs];
  const tables = [...averages(ofSingles), ...averages(ofPairs)];
  const rows = [...singleTerms, ...pairsOnRows].map(({ cells }) => cells);
  const { intercept, termImportances } = centre(tables, rows, loss, weights);
  const termScores = tables.map((table) => cellsOfTable(table, outputs));
  const form = tablesForm(
    name,
    X,
    { terms, missing: true },
    { tables: termScores, intercept },
    output,
  );
  return {
    termFeatures: terms.map(({ features: columns }) => columns),
    termScores,
    binEdges: singles.map(({ edges }) => edges[0]!),
    intercept,
    termImportances,
    bestIteration: [ofSingles, ofPairs]
      .filter(({ length }) => length > 0)
      .map((stage) => stage.map(({ rounds }) => rounds)),
    ...form,
  };
}

/** Edges of each feature. */
function binned(X: Tensor, bins: number): number[][] {
  const [rows, features] = X.shape as [number, number];
  return Array.from({ length: features }, (_, j) => {
    const column = Float64Array.from({ length: rows }, (_, row) => X.data[row * features + j]!);
    return Array.from(
      edgesOfBins(
        column.filter((value) => !Number.isNaN(value)),
        bins,
      ),
    );
  });
}

/** Rows to hold out are drawn from each group; rows of weight 0 are left out. */
function bagOf(
  { groups, weights }: AdditiveData,
  { validationSize }: AdditiveParameters,
  random: Random,
): Bag {
  const used = groups.map((_, row) => row).filter((row) => weights[row]! > 0);
  const share = validationSize < 1 ? validationSize : Math.min(validationSize / used.length, 1);
  const held = new Set<number>();
  for (const group of new Set(groups)) {
    const own = random.shuffle(used.filter((row) => groups[row] === group));
    // At least one row of each group is learnt from.
    const count = Math.min(Math.round(share * own.length), own.length - 1);
    for (const row of own.subarray(0, Math.max(count, 0))) held.add(row);
  }
  return {
    train: used.filter((row) => !held.has(row)),
    validation: used.filter((row) => held.has(row)),
    random: createRandom(random.integer(2 ** 32)),
  };
}

/** The strongest pairs, or those asked for. */
function pairTerms(
  { X, loss, weights }: AdditiveData,
  singles: readonly Term[],
  tables: readonly Float64Array[],
  { interactions, maxInteractionBins, minSamplesLeaf }: AdditiveParameters,
): BinnedTerm[] {
  const { outputs } = loss;
  const edges = binned(X, maxInteractionBins);
  const termOf = ([first, second]: readonly [number, number]): BinnedTerm => ({
    features: [first, second],
    edges: [edges[first]!, edges[second]!],
  });
  if (typeof interactions !== 'number') return interactions.map(termOf);
  const state = loss.begin();
  tables.forEach((table, t) => {
    state.add(singles[t]!.cells, table);
  });
  const rows = Int32Array.from(weights, (_, row) => row).filter((row) => weights[row]! > 0);
  const found: { readonly term: BinnedTerm; readonly strength: number }[] = [];
  for (let first = 0; first < edges.length; first++) {
    for (let second = first + 1; second < edges.length; second++) {
      const term = termOf([first, second]);
      const cells = cellsOf(term, true, X);
      const { shape, sums } = roomFor({ cells, bins: binCounts(term, true) }, outputs, rows);
      state.collect(cells, rows, sums);
      found.push({ term, strength: strength(shape, sums, minSamplesLeaf) });
    }
  }
  found.sort((a, b) => b.strength - a.strength);
  return found.slice(0, interactions).map(({ term }) => term);
}

/** The mean of the tables of all bags, term by term. */
function averages(bags: readonly Boosted[]): Float64Array[] {
  const [first] = bags;
  if (first === undefined) return [];
  return first.tables.map((table, t) =>
    table.map((_, i) => bags.reduce((sum, { tables }) => sum + tables[t]![i]!, 0) / bags.length),
  );
}

/** Moves the mean of each term over the rows to the intercept; of classes, the mean score of all of them is 0. */
function centre(
  tables: readonly Float64Array[],
  cells: readonly Uint32Array[],
  { start, outputs }: Loss,
  weights: Float64Array,
): { readonly intercept: number[]; readonly termImportances: number[] } {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const intercept = Array.from(start);
  const termImportances = tables.map((table, t) => {
    const own = cells[t]!;
    const mass = new Float64Array(table.length / outputs);
    for (let row = 0; row < own.length; row++) mass[own[row]!]! += weights[row]! / total;
    if (outputs > 1) {
      for (let at = 0; at < table.length; at += outputs) {
        const scores = table.subarray(at, at + outputs);
        const mean = scores.reduce((a, b) => a + b) / outputs;
        for (let k = 0; k < outputs; k++) scores[k]! -= mean;
      }
    }
    const means = new Float64Array(outputs);
    table.forEach((score, i) => {
      means[i % outputs]! += mass[Math.floor(i / outputs)]! * score;
    });
    let importance = 0;
    for (let i = 0; i < table.length; i++) {
      table[i]! -= means[i % outputs]!;
      importance += (mass[Math.floor(i / outputs)]! * Math.abs(table[i]!)) / outputs;
    }
    for (let k = 0; k < outputs; k++) intercept[k]! += means[k]!;
    return importance;
  });
  return { intercept, termImportances };
}

function cellsOfTable(table: Float64Array, outputs: number): number[][] {
  return Array.from({ length: table.length / outputs }, (_, cell) =>
    // Adding 0 makes -0 the 0 that JSON would make of it.
    Array.from(table.subarray(cell * outputs, (cell + 1) * outputs), (score) => score + 0),
  );
}
