/** The page `docs/reference/networks.md`: ready networks, what they reach and what they take. */
import { machine } from '../../../bench/report.ts';
import { duration, kilobytes, megabytes } from '../units.ts';
import type { NetworkCase } from './cases.ts';
import type { Growth } from './growth.ts';
import type { MeasuredNetwork } from './measure.ts';

const columns = [
  'architecture',
  'data',
  'float',
  'encrypted',
  'lost',
  'time of a row',
  'predicted',
  'query',
  'evaluation key',
  'CMUX',
  'bootstraps',
];

const growthColumns = [
  'grows',
  'to',
  'accuracy',
  'time of a row',
  'predicted',
  'evaluation key',
  'CMUX',
  'bootstraps',
];

/** A row of the table of networks. */
export function cellsOf(
  { architecture, data }: NetworkCase,
  measured: MeasuredNetwork,
): readonly string[] {
  const { float, accuracy, ms, predictedMs, queryBytes, keyBytes, cmux, bootstraps } = measured;
  return [
    `\`${architecture}\``,
    data,
    float === null ? '–' : percent(float),
    percent(accuracy),
    float === null ? '–' : (100 * (float - accuracy)).toFixed(1),
    duration(1e3 * ms),
    duration(1e3 * predictedMs),
    kilobytes(queryBytes),
    megabytes(keyBytes),
    String(cmux),
    String(bootstraps),
  ];
}

/** The page as text. */
export function networksPage(
  measured: ReadonlyMap<NetworkCase, MeasuredNetwork>,
  growths: readonly Growth[],
): string {
  const { processor, threads, node } = machine();
  const rows = [...measured].map(([each, own]) => line(cellsOf(each, own)));
  const growthRows = growths.flatMap(({ title, rows: own }) =>
    own.map(({ value, accuracy, ms, predictedMs, keyBytes, cmux, bootstraps }) =>
      line([
        title,
        String(value),
        percent(accuracy),
        duration(1e3 * ms),
        duration(1e3 * predictedMs),
        megabytes(keyBytes),
        String(cmux),
        String(bootstraps),
      ]),
    ),
  );
  return `# Networks made for encryption

Made by \`npm run docs:ready-networks\`; do not edit. Measured on ${threads} threads of ${processor}, Node ${node}.

The architectures of \`estimators/neural/architectures.ts\`, trained by \`NeuralNetworkClassifier\` with seed 0. A test repeats the
accuracies of those that train within seconds.

- **float**: accuracy of a network in floats: for measurements and \`digits8x8Dense\` scikit-learn's \`MLPClassifier\` with 32 and 64
  neurons, for smaller pictures and signals the same layers on inputs of 8 bits. Measurements are judged by five folds, all others by rows that
  are held out.
- **encrypted**: of ours, in percent, with the very integers of encrypted runs; **lost**: the difference in points.
- **time of a row**: a median, from features to label: encryption, run and decryption. **predicted**: for one thread.

${line(columns)}
${ruler(columns)}
${rows.join('\n')}

The digits of 28 x 28 pixels are 8,000 to learn from, each three times, moved by up to a pixel, and 2,000 to judge by. On the
same task FHE-DiNN (Bourse et al., 2018) reports 96 % in 1.7 s on one core.

## Growth

Digits of 8 x 8 pixels; 64 neurons that read four pixels of 2 bits (three where bits grow), but for what grows. Neurons that
read all pixels are those of \`MLPClassifier\` with its defaults, on pixels of 1 bit: each pixel turns a table of the sum, one CMUX
a pixel and neuron. Neighbours are found among the first rows, by the 16 pixels in the middle.

![Time and accuracy against neurons, bits and what a neuron reads](networks.svg)

${line(growthColumns)}
${ruler(growthColumns)}
${growthRows.join('\n')}
`;
}

/** The accuracies of a page, by architecture and data. */
export function accuraciesOf(page: string): Map<string, string> {
  const rows = page.split('\n').filter((text) => text.startsWith('| `'));
  return new Map(
    rows.map((row) => {
      const [architecture, data, , encrypted] = row.slice(2, -2).split(' | ');
      return [`${architecture} ${data}`, encrypted!];
    }),
  );
}

/** A share in percent. */
export function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function ruler(cells: readonly string[]): string {
  return `|${'---|'.repeat(cells.length)}`;
}
