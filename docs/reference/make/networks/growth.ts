/** How the time of a network grows with what it is made of. */
import {
  dense,
  KNeighborsClassifier,
  MLPClassifier,
  NeuralNetworkClassifier,
} from '../../../../estimators/index.ts';
import { type Panel, plotLines } from '../../../../plot/index.ts';
import { medianMs } from '../../../bench/measure.ts';
import { splitDigits } from '../../../examples/data/load.ts';

/** One network of a sweep. */
export interface GrowthRow {
  readonly value: number;
  readonly accuracy: number;
  readonly ms: number;
  readonly predictedMs: number;
  readonly keyBytes: number;
  readonly cmux: number;
  readonly bootstraps: number;
}

export interface Growth {
  /** What grows, as the page names it. */
  readonly title: string;
  readonly rows: readonly GrowthRow[];
}

/** What is usual, but for what grows: 64 neurons that read four pixels of 2 bits. */
interface Setting {
  readonly neurons: number;
  readonly bits: number;
  readonly read: number;
}

const usual: Setting = { neurons: 64, bits: 2, read: 4 };

const sweeps: readonly (readonly [keyof Setting, string, readonly Partial<Setting>[]])[] = [
  ['neurons', 'neurons', [16, 32, 64, 128, 256].map((neurons) => ({ neurons }))],
  ['bits', 'bits of a pixel', [1, 2, 3, 4].map((bits) => ({ bits, read: 3 }))],
  ['read', 'pixels that a neuron reads', [2, 3, 4, 5, 6].map((read) => ({ read }))],
];

/** Epochs of training: enough to tell which is better. */
const maxIter = 25;

const { XTrain, yTrain, XTest, yTest } = splitDigits();
const free = { bits: 8, weightBits: 8, accumulatorBits: null } as const;

/** Trains, compiles and runs all networks of all sweeps on the digits of 8 x 8 pixels. */
export async function measureGrowth(): Promise<Growth[]> {
  const growths: Growth[] = [];
  for (const [name, title, settings] of sweeps) {
    const rows: GrowthRow[] = [];
    for (const setting of settings) {
      const { neurons, bits, read } = { ...usual, ...setting };
      const model = new NeuralNetworkClassifier({
        layers: [dense(neurons, { ...free, maxFanIn: read })],
        inputBits: bits,
        outputBits: 8,
        labelSmoothing: 0.05,
        alpha: 1e-3,
        maxIter,
      });
      rows.push(await measured(model, setting[name]!));
    }
    growths.push({ title, rows });
  }
  growths.push({ title: 'neurons that read all pixels', rows: await readingAll() });
  growths.push({ title: 'points of 3 nearest neighbours', rows: await neighbours() });
  return growths;
}

/** Nearest neighbours among the first rows, with the 16 pixels in the middle. */
async function neighbours(): Promise<GrowthRow[]> {
  const middle = (X: number[][]): number[][] =>
    X.map((row) => row.filter((_, i) => i % 8 >= 2 && i % 8 < 6 && i >= 16 && i < 48));
  const rows: GrowthRow[] = [];
  for (const points of [16, 32, 64]) {
    const model = new KNeighborsClassifier({ nNeighbors: 3 });
    const train = [middle(XTrain.slice(0, points)), yTrain.slice(0, points)] as const;
    rows.push(await measured(model, points, train, middle(XTest)));
  }
  return rows;
}

/** Networks that are no sums of tables of their inputs: integers that are summed, and a table of each sum. */
async function readingAll(): Promise<GrowthRow[]> {
  const rows: GrowthRow[] = [];
  for (const neurons of [8, 16, 32]) {
    const parameters = { hiddenLayerSizes: [neurons], inputBits: 1, labelSmoothing: 0.05, maxIter };
    rows.push(await measured(new MLPClassifier(parameters), neurons));
  }
  return rows;
}

async function measured(
  model: KNeighborsClassifier | MLPClassifier | NeuralNetworkClassifier,
  value: number,
  [X, y]: readonly [number[][], number[]] = [XTrain, yTrain],
  judged = XTest,
): Promise<GrowthRow> {
  const accuracy = model.fit(X, y).score(judged, yTest);
  const { statistics } = await model.compile();
  const row = judged.slice(0, 1);
  return {
    value,
    accuracy,
    ms: await medianMs(() => model.predict(row, { encrypted: true }), 3),
    predictedMs: statistics.microseconds / 1e3,
    keyBytes: statistics.evaluationKeyBytes,
    cmux: statistics.diagrams.cmux,
    bootstraps: statistics.lookups.bootstraps,
  };
}

/** The plot: time and accuracy of each sweep, as the text of an SVG file. */
export function growthPlot(growths: readonly Growth[]): Promise<string> {
  const figures = [
    [{ label: 'time of a row', unit: 's', scale: 'log' }, ({ ms }: GrowthRow) => ms / 1e3],
    [{ label: 'accuracy' }, ({ accuracy }: GrowthRow) => accuracy],
  ] as const;
  const panels = figures.flatMap(([y, of]) =>
    growths.map(
      ({ title, rows }): Panel => ({
        x: { label: title },
        y,
        series: [{ label: 'network', points: rows.map((row) => [row.value, of(row)] as const) }],
      }),
    ),
  );
  return plotLines(panels, { columns: growths.length, width: 230, height: 190 });
}
