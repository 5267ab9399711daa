/** The plot `docs/reference/costs.svg`: time against bits on a logarithmic scale, drawn from the page itself. */
import { type Point, plotLines, type Series } from '../../../plot/index.ts';
import { cellsOf, timeTitles, widths } from './costs.ts';

/** The operations of the plot. */
const drawn: readonly string[] = [
  '`where(c, x, y)`',
  '`table[x]`',
  '`x < y`',
  '`maximum(x, y)`',
  '`x * y`',
  '`x & y`',
  'argmax of 8',
  'sort of 8',
];

/** Times below this, in seconds, would make the axis long and tell little. */
const least = 1e-5;

/** The plot of a page of costs, as the text of an SVG file. */
export function costsPlot(page: string): Promise<string> {
  const tables = cellsOf(page);
  const panels = timeTitles.map((title) => ({
    title,
    x: { label: 'bits of each operand' },
    y: { scale: 'log', unit: 's' } as const,
    series: drawn.flatMap((name): Series[] => {
      const points = pointsOf(tables.get(title)?.get(name) ?? []);
      return points.length === 0 ? [] : [{ label: name.replaceAll('`', ''), points }];
    }),
  }));
  return plotLines(panels, { title: 'Time of operations against the bits of their operands' });
}

function pointsOf(cells: readonly string[]): Point[] {
  return cells.flatMap((cell, i): Point[] => {
    const time = secondsOf(cell);
    return time === null || time < least ? [] : [[widths[i]!, time]];
  });
}

/** The time that a cell shows, or null. */
function secondsOf(cell: string): number | null {
  const [value, unit = ''] = cell.split(' ');
  const factor = { µs: 1e-6, ms: 1e-3, s: 1 }[unit];
  return factor === undefined ? null : Number(value) * factor;
}
