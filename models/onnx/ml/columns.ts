/**
 * Operators that choose columns, put them side by side, or say what type and shape they have.
 */
import { intAttribute, intsAttribute } from '../attributes.ts';
import { unsupported } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { badModel } from '../protobuf.ts';
import { type ElementType, elementType } from '../tensors.ts';
import {
  addStep,
  constantNumbers,
  constantOf,
  exactRows,
  reshapedRows,
  rowAxis,
  rowsInput,
} from './context.ts';
import { joined, scoreCount, selected } from './scores.ts';
import {
  columnsOfRows,
  type MlContext,
  type MlOperator,
  type MlValue,
  type RowsValue,
} from './values.ts';

type Inputs = readonly (MlValue | undefined)[];

/** Operators that move columns. */
export const columnOperators: Readonly<Record<string, MlOperator>> = {
  ArrayFeatureExtractor: { attributes: [], convert: extractor },
  FeatureVectorizer: {
    attributes: ['inputdimensions'],
    convert: (node, inputs, context) => [sideBySide(node, inputs, context)],
  },
  Concat: { attributes: ['axis'], convert: concat },
  Gather: { attributes: ['axis'], convert: gather },
  Slice: { attributes: ['axes', 'starts', 'ends'], convert: slice },
  Cast: { attributes: ['to', 'saturate'], convert: cast },
  Reshape: { attributes: ['allowzero', 'shape'], convert: reshape },
  Flatten: { attributes: ['axis'], convert: flatten },
  Squeeze: { attributes: ['axes'], convert: flatten },
  Identity: { attributes: [], convert: (_, [value]) => [value ?? { kind: 'unknown' }] },
  ZipMap: {
    attributes: ['classlabels_int64s', 'classlabels_strings'],
    convert: (_, [value]) => [value ?? { kind: 'unknown' }],
  },
};

/** Columns by constant positions; or a constant label by the position of the largest score. */
function extractor(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const [from, at] = inputs;
  if (at?.kind === 'index') {
    const { data } = constantOf(node, inputs, 0);
    if (data.length === scoreCount(at.of)) {
      return [{ kind: 'label', of: at.of, classes: Array.from<string | number>(data) }];
    }
    throw badModel(`node ${node.name}`, `${data.length} labels`, `${scoreCount(at.of)}`);
  }
  const places = positions(node, Array.from(constantNumbers(node, inputs, 1).data));
  if (from?.kind === 'scores')
    return [selected(node, from, withinScores(node, places, scoreCount(from)))];
  return [columns(node, rowsInput(node, inputs, 0, true), places, context)];
}

function gather(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const rows = rowsInput(node, inputs, 0, true);
  if (rowAxis(node, intAttribute(node, 'axis', 0), rows) !== 0 || rows.shape.length !== 1) {
    throw unsupported(node, 'Gather along an axis other than that of the columns');
  }
  const places = positions(node, Array.from(constantNumbers(node, inputs, 1).data));
  return [columns(node, rows, places, context)];
}

/** Columns from one on up to another, of rows or of scores. */
function slice(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const [value] = inputs;
  const list = (name: string, index: number): readonly number[] | undefined => {
    if (inputs[index] === undefined) return intsAttribute(node, name);
    return Array.from(constantNumbers(node, inputs, index).data);
  };
  const [starts, ends] = [list('starts', 1), list('ends', 2)];
  const [axis = 0] = list('axes', 3) ?? [];
  const steps = inputs[4] === undefined ? [1] : Array.from(constantNumbers(node, inputs, 4).data);
  const width =
    value?.kind === 'scores' ? scoreCount(value) : columnsOfRows(rowsInput(node, inputs, 0, true));
  if (starts?.length !== 1 || ends?.length !== 1 || steps[0] !== 1 || (axis !== 1 && axis !== -1)) {
    throw unsupported(node, 'Slice other than of columns side by side');
  }
  const [start, end] = [...starts, ...ends].map((at) =>
    Math.max(0, Math.min(at < 0 ? at + width : at, width)),
  ) as [number, number];
  const places = Array.from({ length: Math.max(end - start, 0) }, (_, i) => start + i);
  if (value?.kind === 'scores') return [selected(node, value, places)];
  const rows = rowsInput(node, inputs, 0, true);
  return [columns(node, rows, places, context)];
}

function columns(
  node: OnnxNode,
  rows: RowsValue,
  places: readonly number[],
  context: MlContext,
): RowsValue {
  const width = columnsOfRows(rows);
  if (rows.shape.slice(0, -1).some((extent) => extent !== 1)) {
    throw unsupported(node, `${node.operator} of rows of several axes`);
  }
  const own = places.map((place) => (place < 0 ? place + width : place));
  const { exact, type } = rows;
  const made = addStep(context, node, { kind: 'columns', input: rows.step, columns: own }, type);
  return { ...made, exact };
}

function concat(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const scores = inputs.flatMap((value) => (value?.kind === 'scores' ? [value] : []));
  if (scores.length > 0 && scores.length === inputs.length) return [joined(node, scores)];
  const axis = intAttribute(node, 'axis', 1);
  const all = inputs.map((_, i) => rowsInput(node, inputs, i, true));
  // Along the first axis of a row, or where those before it have length 1, elements stay side by side.
  const fits = all.every((rows) => {
    const own = rowAxis(node, axis, rows);
    return rows.shape.slice(0, own).every((extent) => extent === 1);
  });
  if (!fits) throw unsupported(node, `Concat along axis ${axis}`);
  const { shape } = all[0]!;
  const made = sideBySide(node, inputs, context);
  if (shape.length === 1) return [made];
  const own = rowAxis(node, axis, all[0]!);
  const extent = all.reduce((sum, rows) => sum + rows.shape[own]!, 0);
  return [reshapedRows(node, made, shape.with(own, extent))];
}

/** All columns of all inputs, which are of one type. */
function sideBySide(node: OnnxNode, inputs: Inputs, context: MlContext): RowsValue {
  const all = inputs.map((_, i) => rowsInput(node, inputs, i, true));
  const types = new Set(all.map(({ type }) => type));
  const exact = all.every((rows) => rows.exact || rows.type !== 'float');
  const given = exact ? all : all.map((rows) => exactRows(context, node, rows));
  const step = { kind: 'concatenate', inputs: given.map(({ step: own }) => own) } as const;
  const type = types.size === 1 ? all[0]!.type : 'float';
  return addStep(context, node, step, type);
}

/** Numbers to another type; the type of labels and scores does not matter here. */
function cast(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const [value] = inputs;
  const to = elementType(intAttribute(node, 'to', 1), `node ${node.name}.to`);
  if (value?.kind === 'scores' && to !== 'float' && to !== 'double') {
    throw unsupported(node, `Cast of scores to ${to}`);
  }
  if (value !== undefined && value.kind !== 'rows') return [value];
  const rows = rowsInput(node, inputs, 0, true);
  if (to === rows.type) return [rows];
  if (rows.type === 'string') throw unsupported(node, 'Cast of texts');
  const own = exactRows(context, node, rows);
  const { step: input, shape, type } = own;
  const made = (kind: 'single' | 'truncate' | 'truth' | 'text'): MlValue[] => [
    addStep(context, node, { kind, input }, to, shape),
  ];
  if (to === 'string' && isWhole(type)) return made('text');
  if (to === 'bool') return made('truth');
  if (isWhole(to)) return isWhole(type) ? [{ ...own, type: to }] : made('truncate');
  if (to === 'float') return type === 'bool' ? [{ ...own, type: to }] : made('single');
  if (to === 'double') return [{ ...own, type: to }];
  throw unsupported(node, `Cast from ${type} to ${to}`);
}

function isWhole(type: ElementType): boolean {
  return type.startsWith('int') || type.startsWith('uint') || type === 'bool';
}

/** To [batch, columns], or whatever else keeps the columns of a row together. */
function reshape(node: OnnxNode, inputs: Inputs): MlValue[] {
  const [value] = inputs;
  if (value !== undefined && value.kind !== 'rows') return [value];
  const rows = rowsInput(node, inputs, 0, true);
  const target =
    inputs[1] === undefined
      ? (intsAttribute(node, 'shape') ?? [])
      : Array.from(constantNumbers(node, inputs, 1).data);
  const [batch, ...shape] = target;
  const total = columnsOfRows(rows);
  const known = shape.reduce((product, extent) => (extent > 0 ? product * extent : product), 1);
  const whole = shape.map((extent, axis) => {
    if (extent === 0) return rows.shape[axis] ?? 0;
    return extent === -1 ? total / known : extent;
  });
  const [width] = whole;
  if (target.length === 1 && target[0] === -1 && total === 1) return [{ ...rows, shape: [1] }];
  if ((batch !== -1 && batch !== 0) || width === undefined) {
    throw unsupported(node, `Reshape to [${target.join(', ')}]`);
  }
  return [reshapedRows(node, rows, whole)];
}

function flatten(node: OnnxNode, inputs: Inputs): MlValue[] {
  const [value] = inputs;
  if (value !== undefined && value.kind !== 'rows') return [value];
  const rows = rowsInput(node, inputs, 0, true);
  return [reshapedRows(node, rows, [columnsOfRows(rows)])];
}

/** Integers, as positions have to be. @throws BAD_MODEL */
function positions(node: OnnxNode, places: readonly number[]): readonly number[] {
  if (places.length > 0 && places.every(Number.isSafeInteger)) return places;
  throw badModel(`node ${node.name}`, places, 'positions of columns');
}

function withinScores(node: OnnxNode, places: readonly number[], count: number): readonly number[] {
  if (places.every((place) => place >= 0 && place < count)) return places;
  throw badModel(`node ${node.name}`, places, `positions below ${count}`);
}
