/**
 * The plot `docs/reference/costs.svg`: time against bits on a logarithmic scale, drawn from the page itself. Two panels of
 * labelled lines are less code than the options of a library that draws them would be.
 */
import { cellsOf, timeTitles, widths } from './costs.ts';

/** The lines of the plot, with a colour that two eyes of any kind tell apart (Okabe and Ito 2008). */
const lines: readonly (readonly [operation: string, colour: string])[] = [
  ['`where(c, x, y)`', '#999999'],
  ['`table[x]`', '#000000'],
  ['`x < y`', '#0072b2'],
  ['`maximum(x, y)`', '#56b4e9'],
  ['`x * y`', '#d55e00'],
  ['`x & y`', '#e69f00'],
  ['argmax of 8', '#cc79a7'],
  ['sort of 8', '#009e73'],
];

const panel = { left: 60, top: 40, width: 300, height: 320, distance: 480 };
const decades = { first: 1, last: 7 };
const labelHeight = 13;
const decadeNames: readonly string[] = [
  '1 µs',
  '10 µs',
  '100 µs',
  '1 ms',
  '10 ms',
  '100 ms',
  '1 s',
  '10 s',
];

/** The plot of a page of costs, as the text of an SVG file. */
export function costsPlot(page: string): string {
  const tables = cellsOf(page);
  const panels = timeTitles.map((title, i) => {
    const drawn = lines.map(([name, colour]) => ({
      name: name.replaceAll('`', ''),
      colour,
      points: pointsOf(tables.get(title)?.get(name) ?? []),
    }));
    const shift = `translate(${panel.left + i * panel.distance} ${panel.top})`;
    return `<g transform="${shift}">\n<text y="-16" font-weight="bold">${title}</text>\n${axes()}\n${curves(drawn)}\n</g>`;
  });
  const [width, height] = [panel.left + 2 * panel.distance, panel.top + panel.height + 50];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<title>Time of operations against the bits of their operands</title>
<rect width="100%" height="100%" fill="white"/>
${panels.join('\n')}
</svg>
`;
}

type Point = readonly [x: number, y: number];

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
}

function pointsOf(cells: readonly string[]): Point[] {
  return cells.flatMap((cell, i): Point[] => {
    const time = microsecondsOf(cell);
    return time === null || time < 10 ** decades.first
      ? []
      : [[across(widths[i] as number), up(Math.log10(time))]];
  });
}

/** The time that a cell shows, or null. */
function microsecondsOf(cell: string): number | null {
  const [value, unit = ''] = cell.split(' ');
  const factor = { µs: 1, ms: 1e3, s: 1e6 }[unit];
  return factor === undefined ? null : Number(value) * factor;
}

function across(bits: number): number {
  const [first, last] = [widths[0] as number, widths.at(-1) as number];
  return ((bits - first) / (last - first)) * panel.width;
}

function up(log10: number): number {
  const { first, last } = decades;
  return panel.height * (1 - (log10 - first) / (last - first));
}

function axes(): string {
  const marks = [];
  for (let decade = decades.first; decade <= decades.last; decade++) {
    const y = up(decade);
    marks.push(`<path d="M0 ${y.toFixed(1)}H${panel.width}" stroke="#ddd"/>`);
    marks.push(
      `<text x="-6" y="${(y + 4).toFixed(1)}" text-anchor="end">${decadeNames[decade]}</text>`,
    );
  }
  for (const bits of widths)
    marks.push(
      `<text x="${across(bits).toFixed(1)}" y="${panel.height + 18}" text-anchor="middle">${bits}</text>`,
    );
  marks.push(
    `<text x="${panel.width / 2}" y="${panel.height + 36}" text-anchor="middle">bits of each operand</text>`,
  );
  return marks.join('\n');
}

/** The lines, with names at their ends that do not cover each other. */
function curves(drawn: readonly Curve[]): string {
  const ending = drawn
    .filter(({ points }) => points.length > 0)
    .sort((a, b) => endOf(a)[1] - endOf(b)[1]);
  let lowest = Number.NEGATIVE_INFINITY;
  const marks = ending.map((curve) => {
    const { name, colour, points } = curve;
    const y = Math.max(endOf(curve)[1], lowest + labelHeight);
    lowest = y;
    const path = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');
    const label = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>
<text x="${panel.width + 8}" y="${(y + 4).toFixed(1)}" fill="${colour}">${label}</text>`;
  });
  return marks.join('\n');
}

const endOf = ({ points }: Curve): Point => points.at(-1) as Point;
