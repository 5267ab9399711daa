/** How the time of a network grows with what it is made of. */
import { dense, MLPClassifier, NeuralNetworkClassifier } from '../../../../estimators/index.ts';
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
  growths.push({ title: 'neurons that read all pixels, by lookups', rows: await lookups() });
  return growths;
}

/** Networks that are no sums of tables of their inputs: a lookup for each neuron. */
async function lookups(): Promise<GrowthRow[]> {
  const rows: GrowthRow[] = [];
  for (const neurons of [8, 16, 32]) {
    const parameters = { hiddenLayerSizes: [neurons], inputBits: 1, labelSmoothing: 0.05, maxIter };
    rows.push(await measured(new MLPClassifier(parameters), neurons));
  }
  return rows;
}

async function measured(
  model: MLPClassifier | NeuralNetworkClassifier,
  value: number,
): Promise<GrowthRow> {
  const accuracy = model.fit(XTrain, yTrain).score(XTest, yTest);
  const { statistics } = await model.compile();
  const row = XTest.slice(0, 1);
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
