/** What models are in floating point, as references for their integers. */
import { ok } from 'node:assert/strict';
import type { Tree } from '../../../../estimators/index.ts';
import { type FittedModel, numbers, refusal } from './model.ts';

/** Predictions, or scores, are those of the learned floats, within what rounding to integers allows. */
export function checkAgainstReals(one: FittedModel): void {
  const { fitted } = one.model;
  if ('coef' in fitted && !('coefficients' in fitted)) checkLinear(one);
  if ('tree' in fitted) checkTrees(one, [fitted.tree as Tree]);
  if ('trees' in fitted && !('offset' in fitted)) checkTrees(one, fitted.trees as Tree[]);
  if ('rounds' in fitted) checkBoosted(one);
}

interface Linear {
  readonly coef: readonly (readonly number[])[];
  readonly intercept: readonly number[];
  readonly quantizer: {
    readonly bits: number;
    readonly center: number[];
    readonly scale: number[];
  };
  readonly integerWeights: { readonly scale: readonly number[] };
  readonly link?: string;
}

function checkLinear({ model, data: { X } }: FittedModel): void {
  const { coef, intercept, quantizer, integerWeights, link } = model.fitted as Linear;
  const values = refusal(() => numbers(model.decisionFunction?.(X) ?? model.predict(X)));
  if (typeof values === 'string') return;
  X.forEach((row, i) => {
    coef.forEach((own, k) => {
      const scale = integerWeights.scale[k]!;
      let real = intercept[k]!;
      // Codes are off by half a step, weights by half a unit for each step, and sums of doubles by their last bits.
      let within = scale / 2;
      for (const [j, weight] of own.entries()) {
        const term = weight * row[j]!;
        real += term;
        const center = weight * quantizer.center[j]!;
        within += Math.abs(weight * quantizer.scale[j]!) / 2 + scale * 2 ** quantizer.bits;
        within += 1e-12 * (Math.abs(term) + Math.abs(center) + Math.abs(intercept[k]!));
      }
      const value = values[i * coef.length + k]!;
      const own1 = link === 'log' ? Math.log(value) : value;
      const details = `row ${i}, output ${k}: ${own1} for ${real}, within ${within}`;
      if (link === 'log' && (value === 0 || real < -690)) return;
      ok(Math.abs(own1 - real) <= within * 1.01, details);
    });
  });
}

/** The mean over trees of the values of leaves. */
function checkTrees({ model, data: { X } }: FittedModel, trees: readonly Tree[]): void {
  const values = numbers(model.predictProba?.(X) ?? model.predict(X));
  const leaves = trees.flatMap(({ value, feature }) => value.filter((_, id) => feature[id]! < 0));
  const outputs = leaves[0]!.length;
  const within = Array.from({ length: outputs }, (_, k) => {
    const all = leaves.map((leaf) => leaf[k]!);
    const size = Math.max(...all.map(Math.abs));
    // Of two shares within a step an earlier one is lowered.
    return model.predictProba
      ? (outputs + 2) / 2520
      : (Math.max(...all) / 2 - Math.min(...all) / 2) / 2 ** 13 + 1e-12 * size;
  });
  X.forEach((row, i) => {
    for (let k = 0; k < outputs; k++) {
      const parts = trees.map((tree) => tree.value[leafOf(tree, row)]![k]! / trees.length);
      const real = parts.reduce((a, b) => a + b);
      const value = values[i * outputs + k]!;
      ok(Math.abs(value - real) <= within[k]!, `row ${i}, output ${k}: ${value} for ${real}`);
    }
  });
}

function leafOf(tree: Tree, row: readonly number[]): number {
  let id = 0;
  while (tree.feature[id]! >= 0) {
    const left = row[tree.feature[id]!]! <= tree.threshold[id]!;
    id = (left ? tree.childrenLeft : tree.childrenRight)[id]!;
  }
  return id;
}

interface Boosted {
  readonly start: readonly number[];
  readonly rounds: readonly (readonly (Tree & {
    readonly missingLeft: readonly boolean[];
    readonly value: readonly unknown[];
  })[])[];
  readonly leafSums: { readonly scale: number };
  readonly loss?: string;
}

function checkBoosted({ model, data: { X } }: FittedModel): void {
  const { start, rounds, leafSums, loss } = model.fitted as Boosted;
  const values = refusal(() => numbers(model.decisionFunction?.(X) ?? model.predict(X)));
  if (typeof values === 'string') return;
  const within = ((rounds.length + 1) / 2) * leafSums.scale * 1.001;
  X.forEach((row, i) => {
    start.forEach((first, k) => {
      const real = rounds.reduce((sum, round) => {
        const tree = round[k]!;
        let id = 0;
        while (tree.feature[id]! >= 0) {
          const value = row[tree.feature[id]!]!;
          const left = Number.isNaN(value) ? tree.missingLeft[id]! : value <= tree.threshold[id]!;
          id = (left ? tree.childrenLeft : tree.childrenRight)[id]!;
        }
        return sum + (tree.value[id] as unknown as number);
      }, first);
      const value = values[i * start.length + k]!;
      const own = loss === 'poisson' ? Math.log(value) : value;
      ok(Math.abs(own - real) <= within, `row ${i}, output ${k}: ${own} for ${real} (${within})`);
    });
  });
}
