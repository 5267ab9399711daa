/** The page `docs/reference/accuracy.md`: every estimator on every data set, beside the same model of another library. */

import { type BitsRow, bits, bitsTitle } from './bits.ts';
import { type AccuracyCase, accuracyCases, libraryOf, setNames, sizeOf } from './cases.ts';
import { chance, coefficientLimit, quantizationLimit, scoreLimit } from './limits.ts';
import { type MeasuredCase, seedCount } from './measure.ts';

/** Columns of the tables of models. */
const columns = [
  'model',
  'reference',
  'ours',
  'difference',
  'within',
  'in floats',
  'lost',
  'labels alone',
  'coefficients',
];

/** The cells of a case. The first one names it. */
export function cellsOf(each: AccuracyCase, measured: MeasuredCase): string[] {
  const { ours, float, label, coefficients } = measured;
  const reference = referenceOf(each);
  return [
    titleOf(each),
    reference === null ? '–' : points(reference),
    points(ours),
    reference === null ? '–' : signed(ours - reference),
    reference === null ? '–' : (scoreLimit(each) + chance(each, seedCount)).toFixed(2),
    points(float),
    signed(float - ours),
    label === null ? '–' : points(label),
    coefficients === null ? '–' : coefficients.toExponential(0),
  ];
}

/** Steps, and parameters that are not the defaults. */
export function titleOf({ steps }: AccuracyCase): string {
  return steps.map(([name, parameters]) => `${name}${shown(parameters)}`).join(', ');
}

/** The mean over folds of what the other library scores, or null. */
export function referenceOf({ scores }: AccuracyCase): number | null {
  return scores === undefined
    ? null
    : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** The page as text. */
export function accuracyPage(
  measured: ReadonlyMap<AccuracyCase, MeasuredCase>,
  byBits: readonly BitsRow[],
): string {
  const sections = setNames.map((set) => {
    const rows = accuracyCases
      .filter((each) => each.set === set)
      .map((each) => line(cellsOf(each, measured.get(each)!)));
    return `## ${set}\n\n${describe(set)}\n\n${line(columns)}\n${ruler(columns)}\n${rows.join('\n')}\n`;
  });
  const head = ['model', ...bits.map(String)];
  const rows = byBits.map(({ name, accuracies }) => line([name, ...accuracies.map(points)]));
  return `${introduction()}
${line(head)}
${ruler(head)}
${rows.join('\n')}

${sections.join('\n')}`;
}

/** The cells of the tables of a page by section, and there by their first cell. */
export function tablesOf(page: string): Map<string, Map<string, readonly string[]>> {
  const sections = page.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [title = '', ...lines] = section.split('\n');
      const rows = lines.filter((text) => text.startsWith('| ')).slice(1);
      const cells = rows.map((row) => row.slice(2, -2).split(' | '));
      return [title, new Map(cells.map(([first = '', ...rest]) => [first, rest]))];
    }),
  );
}

/** What the page says above its tables. */
export function introduction(): string {
  return `# Accuracy

Made by \`npm run docs:accuracy\`; do not edit. A test holds every row to its limits.

Each data set is cut into five folds; models learn from four and are judged by the fifth, and the tables show means, in points:
hundredths of what \`score\` of the estimator returns (accuracy, R^2, or D^2 of generalized linear models). Of isolation
forests it is the area under the ROC curve for class 0 against the others, of \`KMeans\` the share of squared distances from the
mean that its centres explain.

- **reference**: the same steps with the same parameters on the same rows, by ${libraryOf('')}; gradient boosting by
  ${libraryOf('GradientBoosting')}, explainable boosting by ${libraryOf('ExplainableBoosting')}. Parameters that are not shown have our defaults in both. What
  has no counterpart there has a dash.
- **ours**: in clear, with the very integers of encrypted runs.
- **within**: how far from the reference it may be: 1 point for trees, boosters, k-means and networks, 0.3 for all others; what
  depends on a seed is the mean of ${seedCount} seeds, which differs by chance as well, and gets three standard errors more. The reference of
  a network is one of the same shape in floats, and being better is no fault.
- **in floats**: what our model learned, evaluated in floating point; **lost**: what its integers cost. Limit: ${quantizationLimit} points.
- **labels alone**: with \`output: 'label'\`, where the server compares scores that are coarser, since up to one label of a
  hundred may be another. Limit: 1 point. \`GaussianNB\` on digits cannot be had that way, and \`fit\` warns QUANTIZATION_LOSS:
  of pixels that are always empty, densities differ by more than sums that are compared can hold.
- **coefficients**: of convex problems the largest difference of a coefficient from the reference's, as a share of the largest
  coefficient, in the first fold. Limit: ${coefficientLimit}.

## ${bitsTitle}

\`nBits\` of linear models is the width of a feature's code, of trees and boosters that of the bins in training.

![Accuracy against bits](accuracy.svg)
`;
}

function describe(set: string): string {
  const { rows, features, classes } = sizeOf(set);
  return `${rows} rows, ${features} features, ${classes > 0 ? `${classes} classes` : 'numbers'}.`;
}

function shown(parameters: object): string {
  const given = Object.entries(parameters).map(([name, value]) => `${name}: ${text(value)}`);
  return given.length === 0 ? '' : ` \`{ ${given.join(', ')} }\``;
}

function text(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/** A score in points. */
export function points(score: number): string {
  return (100 * score).toFixed(2);
}

function signed(difference: number): string {
  const shownPoints = points(difference);
  if (Number(shownPoints) === 0) return '0.00';
  return difference > 0 ? `+${shownPoints}` : shownPoints;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function ruler(cells: readonly string[]): string {
  return `|${'---|'.repeat(cells.length)}`;
}
