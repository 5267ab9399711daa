/** Accuracy against bits: measured for a table of the page, and drawn from there as `docs/reference/accuracy.svg`. */
import { type Point, plotLines, type Series } from '../../../../plot/index.ts';
import { type AccuracyCase, foldCount } from './cases.ts';
import { measure } from './measure.ts';

/** Bits of the table. */
export const bits: readonly number[] = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** Title of the table's section. */
export const bitsTitle = 'Accuracy against bits';

/** A model on a data set, with its accuracy for each number of bits. */
export interface BitsRow {
  /** As `model, data set`. */
  readonly name: string;
  readonly accuracies: readonly number[];
}

/** Data sets of the table. */
export const sets: readonly string[] = ['breast-cancer', 'digits'];

/** Steps of the table's models. */
export const models: readonly AccuracyCase['steps'][] = [
  [
    ['StandardScaler', {}],
    ['LogisticRegression', { C: 0.1, maxIter: 1000 }],
  ],
  [
    ['StandardScaler', {}],
    ['LinearSVC', { C: 0.01 }],
  ],
  [['DecisionTreeClassifier', {}]],
  [['RandomForestClassifier', { nEstimators: 50 }]],
  [['GradientBoostingClassifier', { nEstimators: 30 }]],
];

/** All rows of the table. */
export function measureBits(): BitsRow[] {
  return sets.flatMap((set) =>
    models.map((steps) => ({
      name: `${steps.at(-1)![0]}, ${set}`,
      accuracies: bits.map((nBits) => accuracyAt(set, steps, nBits)),
    })),
  );
}

/** The mean accuracy over all folds of the steps, of which the last one gets so many bits. */
export function accuracyAt(set: string, steps: AccuracyCase['steps'], nBits: number): number {
  const [name, parameters] = steps.at(-1)!;
  const each = { set, steps: [...steps.slice(0, -1), [name, { ...parameters, nBits }] as const] };
  let sum = 0;
  for (let fold = 0; fold < foldCount; fold++) sum += measure(each, fold, 0).ours;
  return sum / foldCount;
}

/** The plot of the table: rows by their name, a text for each number of bits. */
export function bitsPlot(table: ReadonlyMap<string, readonly string[]>): Promise<string> {
  const panels = sets.map((set) => ({
    title: set,
    x: { label: 'nBits' },
    y: { label: 'accuracy, %' },
    series: [...table].flatMap(([name, cells]): Series[] => {
      const [label = '', own] = name.split(', ');
      const points = cells.map((cell, i): Point => [bits[i]!, Number(cell)]);
      return own === set ? [{ label, points }] : [];
    }),
  }));
  return plotLines(panels, { title: 'Accuracy of encrypted models against bits' });
}
