/**
 * Decision trees as boxes and lines.
 */
import type { Data, GroupMark, Mark, Spec } from 'vega';
import type { Tree } from '../estimators/tree/grow.ts';
import { error } from '../lib/errors.ts';
import { checkOptions } from '../lib/options.ts';
import { ink, palette, svgOf } from './render.ts';

/** Options of `plotTree`, scikit-learn's where it has them. */
export interface TreePlotOptions {
  /** Names of the features. Default: x[0], x[1], ... */
  readonly featureNames?: readonly string[] | null;
  /** Names of the classes, in the order of `fitted.classes`. Default: class 0, class 1, ... */
  readonly classNames?: readonly (string | number)[] | null;
  /** Levels of splits that are drawn; what is below them is an ellipsis. Default null: all. */
  readonly maxDepth?: number | null;
  /** Significant digits of thresholds and values. Default 4. */
  readonly precision?: number;
  readonly title?: string;
}

/** Pixels. Boxes are as wide as their longest line needs. */
const pixels = { line: 16, padding: 7, bar: 7, between: 14, down: 112, character: 6.6, least: 96 };

/**
 * The splits of a tree, `fitted.tree`, the root at the top; left is where the condition holds. Of each node: the
 * condition, the number of training rows, the largest class with its share, and a bar of all shares; of a tree of one
 * output, its value.
 *
 * @returns the text of an SVG file
 * @throws BAD_OPTION, also where names are missing; UNSUPPORTED where `vega` is not installed
 */
export async function plotTree(tree: Tree, options: TreePlotOptions = {}): Promise<string> {
  const names = ['featureNames', 'classNames', 'maxDepth', 'precision', 'title'];
  checkOptions('plotTree', options, names);
  const { featureNames = null, classNames = null, maxDepth = null, precision = 4 } = options;
  checkInteger('maxDepth', maxDepth ?? 0, 0, Number.MAX_SAFE_INTEGER);
  checkInteger('precision', precision, 1, 17);
  checkNames('featureNames', featureNames, 1 + Math.max(...tree.feature));
  checkNames('classNames', classNames, tree.value[0]!.length);
  return svgOf(specOf(nodesOf(tree, options)), options.title);
}

interface Node {
  readonly id: number;
  readonly parent: number | null;
  /** What is written in its box, the first line bold; of an ellipsis, one line without a box. */
  readonly lines: readonly string[];
  /** Pieces of its bar, from 0 to 1; none of a value. */
  readonly pieces: readonly {
    readonly start: number;
    readonly share: number;
    readonly colour: string;
  }[];
  readonly colour: string;
  /** 'true' and 'false' beside the lines below the root. */
  readonly branch: string;
}

/** The nodes that are drawn, each parent before its children. */
function nodesOf(tree: Tree, options: TreePlotOptions): Node[] {
  const { maxDepth = null, featureNames = null, precision = 4 } = options;
  const nodes: Node[] = [];
  // A stack of its own: chains of thousands of nodes would overflow that of recursion.
  const open: Pick<Node, 'id' | 'parent' | 'branch'>[] = [{ id: 0, parent: null, branch: '' }];
  const depths = new Map([[0, 0]]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { id } = next;
    const depth = depths.get(id)!;
    if (maxDepth !== null && depth > maxDepth) {
      nodes.push({ ...next, lines: ['…'], pieces: [], colour: ink });
      continue;
    }
    const { text, ...look } = outcomeOf(tree.value[id]!, options);
    const count = tree.nNodeSamples[id]!;
    const rows = count === 1 ? '1 row' : `${count} rows`;
    const feature = tree.feature[id]!;
    if (feature < 0) {
      nodes.push({ ...next, ...look, lines: [text, rows] });
      continue;
    }
    const name = featureNames?.[feature] ?? `x[${feature}]`;
    const condition = `${name} ≤ ${Number(tree.threshold[id]!.toPrecision(precision))}`;
    nodes.push({ ...next, ...look, lines: [condition, rows, text] });
    const branches = id === 0 ? ['true', 'false'] : ['', ''];
    const children = [tree.childrenLeft[id]!, tree.childrenRight[id]!];
    // The left one is taken from the stack first, and so stands left of its sibling.
    for (const side of [1, 0]) {
      open.push({ id: children[side]!, parent: id, branch: branches[side]! });
      depths.set(children[side]!, depth + 1);
    }
  }
  return nodes;
}

/** The largest class, its share and all others; or the value. */
function outcomeOf(
  value: readonly number[],
  { classNames = null, precision = 4 }: TreePlotOptions,
): Pick<Node, 'pieces' | 'colour'> & { readonly text: string } {
  if (value.length === 1) {
    return { text: `${Number(value[0]!.toPrecision(precision))}`, pieces: [], colour: palette[0]! };
  }
  const largest = value.indexOf(Math.max(...value));
  const name = classNames?.[largest] ?? `class ${largest}`;
  let start = 0;
  const pieces = value.map((share, place) => {
    const piece = { start, share, colour: colourOf(place) };
    start += share;
    return piece;
  });
  const text = `${name}: ${Math.round(1000 * value[largest]!) / 10} %`;
  return { text, pieces: pieces.filter(({ share }) => share > 0), colour: colourOf(largest) };
}

function colourOf(place: number): string {
  return palette[place % palette.length]!;
}

function specOf(nodes: readonly Node[]): Spec {
  const longest = Math.max(...nodes.flatMap(({ lines }) => lines.map((line) => line.length)));
  const width = Math.max(pixels.least, 2 * pixels.padding + longest * pixels.character);
  const values = nodes.map((node) => ({
    ...node,
    boxed: node.lines.length > 1,
    height: node.lines.length * pixels.line + 2 * pixels.padding + pixels.bar,
  }));
  const placed: Data = {
    name: 'nodes',
    values,
    transform: [
      { type: 'stratify', key: 'id', parentKey: 'parent' },
      {
        type: 'tree',
        method: 'tidy',
        nodeSize: [width + pixels.between, pixels.down],
        separation: false,
      },
    ],
  };
  const links: Data = { name: 'links', source: 'nodes', transform: [{ type: 'treelinks' }] };
  return { data: [placed, links], marks: [linkMarks(), branchMarks(), boxMarks(width)] };
}

function linkMarks(): Mark {
  return {
    type: 'rule',
    from: { data: 'links' },
    encode: {
      update: {
        x: { field: 'source.x' },
        y: { signal: 'datum.source.y + datum.source.height' },
        x2: { field: 'target.x' },
        y2: { field: 'target.y' },
        stroke: { value: '#888888' },
      },
    },
  };
}

function branchMarks(): Mark {
  const left = "datum.target.branch === 'true'";
  return {
    type: 'text',
    from: { data: 'links' },
    encode: {
      update: {
        x: { signal: `(datum.source.x + datum.target.x) / 2 + (${left} ? -8 : 8)` },
        y: { signal: '(datum.source.y + datum.source.height + datum.target.y) / 2 - 4' },
        align: { signal: `${left} ? 'right' : 'left'` },
        text: { field: 'target.branch' },
        fill: { value: '#666666' },
      },
    },
  };
}

/** A box around its lines, with a bar of the shares at its foot. */
function boxMarks(width: number): GroupMark {
  const { padding, line, bar } = pixels;
  const update = {
    x: { signal: `datum.x - ${width / 2}` },
    y: { field: 'y' },
    width: { value: width },
    height: { field: 'height' },
    cornerRadius: { value: 4 },
    fill: { signal: "datum.boxed ? 'white' : 'transparent'" },
    stroke: { signal: "datum.boxed ? datum.colour : 'transparent'" },
    strokeWidth: { value: 1.5 },
  };
  const lines: Mark = {
    type: 'text',
    from: { data: 'lines' },
    encode: {
      update: {
        x: { value: width / 2 },
        y: { signal: `${padding + line / 2} + ${line} * datum.place` },
        align: { value: 'center' },
        baseline: { value: 'middle' },
        text: { field: 'lines' },
        fontWeight: { signal: "datum.place === 0 ? 'bold' : 'normal'" },
      },
    },
  };
  const pieces: Mark = {
    type: 'rect',
    from: { data: 'pieces' },
    encode: {
      update: {
        x: { signal: `${padding} + ${width - 2 * padding} * datum.pieces.start` },
        width: { signal: `${width - 2 * padding} * datum.pieces.share` },
        y: { signal: `datum.height - ${padding + bar - 3}` },
        height: { value: bar },
        fill: { field: 'pieces.colour' },
      },
    },
  };
  return {
    type: 'group',
    from: {
      facet: { name: 'own', data: 'nodes', groupby: ['id', 'x', 'y', 'height', 'boxed', 'colour'] },
    },
    encode: { update },
    data: [
      {
        name: 'lines',
        source: 'own',
        transform: [{ type: 'flatten', fields: ['lines'], index: 'place' }],
      },
      { name: 'pieces', source: 'own', transform: [{ type: 'flatten', fields: ['pieces'] }] },
    ],
    marks: [lines, pieces],
  };
}

/** @throws BAD_OPTION */
function checkInteger(name: string, given: number, min: number, max: number): void {
  if (Number.isSafeInteger(given) && given >= min && given <= max) return;
  const allowed = max < Number.MAX_SAFE_INTEGER ? `an integer in [${min}, ${max}]` : `>= ${min}`;
  throw error('BAD_OPTION', { what: `plotTree: ${name}`, given, allowed });
}

/** @throws BAD_OPTION */
function checkNames(what: string, names: readonly unknown[] | null, least: number): void {
  if (names === null || names.length >= least) return;
  const details = { given: `${names.length} names`, allowed: `${least} or more, or null` };
  throw error('BAD_OPTION', { what: `plotTree: ${what}`, ...details });
}
