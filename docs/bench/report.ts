/** Figures as a table for people; the machine that they were taken on. */
import { availableParallelism, cpus } from 'node:os';
import { type Figures, higherIsBetter } from './case.ts';

/** What figures depend on besides the code. */
export function machine(): Record<string, string | number> {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    threads: Number(process.env.BLINDFIT_THREADS ?? availableParallelism()),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** One line a figure: name, value, goal, and whether it is met. */
export function figureLines(figures: Figures, goal: Figures = {}): string[][] {
  return Object.entries(figures).map(([figure, value]) => {
    const limit = goal[figure];
    if (limit === undefined) return [figure, rounded(value), '', ''];
    const met = higherIsBetter(figure) ? value >= limit : value <= limit;
    return [
      figure,
      rounded(value),
      `${higherIsBetter(figure) ? '>=' : '<='} ${limit}`,
      met ? 'met' : 'MISSED',
    ];
  });
}

/** Rows as text: the first column to the left, the others to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  return [
    line(header),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map(line),
  ].join('\n');
}

/** Three significant digits, or all digits before the point. */
export function rounded(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(2);
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
