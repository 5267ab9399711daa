/**
 * ModelProto as typed plain data. What follows here is read; what no model that we take needs (training, sparse tensors,
 * subgraphs) is kept as a kind without a value, so that the operator that has it can be named.
 *
 * Field numbers: onnx/onnx.proto of the ONNX project.
 */
import {
  type Allowance,
  badModel,
  bytesOf,
  type Field,
  fieldsOf,
  floatOf,
  integerOf,
  largestCount,
  pushFloats,
  pushIntegers,
  textOf,
} from './protobuf.ts';
import {
  type ElementType,
  elementType,
  type OnnxTensor,
  readTensor,
  type TextTensor,
} from './tensors.ts';

/** A model: a graph, and the version of each set of operators; the set of `ai.onnx` has the name ''. */
export interface OnnxModel {
  readonly producer: string;
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
}

/** A graph as it stands in the file. */
export interface OnnxGraph {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initializers: ReadonlyMap<string, OnnxTensor | TextTensor>;
  readonly nodes: readonly OnnxNode[];
}

/** An input or output of the graph. */
export interface ValueInfo {
  readonly name: string;
  /** Undefined for sequences, maps and whatever else is no tensor. */
  readonly type: ElementType | undefined;
  /** Undefined where the file has none. An extent is a number, the name of a dynamic axis, or '' for one without a name. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** A node. Inputs that are left out have the name ''. */
export interface OnnxNode {
  /** Its own name, or its position and operator where it has none. */
  readonly name: string;
  readonly operator: string;
  /** '' is `ai.onnx`. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** The values of attributes by their kinds. */
export interface AttributeValues {
  readonly float: number;
  readonly int: number;
  readonly string: string;
  readonly tensor: OnnxTensor | TextTensor;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly strings: readonly string[];
  readonly other: undefined;
}

/** An attribute of a node. */
export type Attribute = {
  readonly [Kind in keyof AttributeValues]: {
    readonly kind: Kind;
    readonly value: AttributeValues[Kind];
  };
}[keyof AttributeValues];

/** A file has at most this many bytes: 64 MiB, far more than a model that can be run encrypted. */
export const largestFile: number = 2 ** 26;

/**
 * Reads a model file.
 *
 * @throws BAD_MODEL for what is no model; UNSUPPORTED for weights in other files and for element types that are not read
 */
export function readModel(bytes: Uint8Array): OnnxModel {
  if (!(bytes instanceof Uint8Array)) throw badModel('model', typeof bytes, 'a Uint8Array');
  if (bytes.length > largestFile) {
    throw badModel('model', `${bytes.length} bytes`, `at most ${largestFile} bytes`);
  }
  const allowance = { left: largestCount };
  const opsets = new Map<string, number>();
  let producer = '';
  let graph: OnnxGraph | undefined;
  for (const field of fieldsOf(bytes, 'model', allowance)) {
    if (field.number === 2) producer = textOf(field, 'model');
    else if (field.number === 7) {
      if (graph !== undefined) throw badModel('model', 'two graphs', 'one');
      graph = readGraph(bytesOf(field, 'model'), allowance);
    } else if (field.number === 8) {
      const [domain, version] = readOpset(bytesOf(field, 'model'), allowance);
      opsets.set(domain, version);
    }
  }
  if (graph === undefined) throw badModel('model', 'no graph', 'the bytes of an .onnx file');
  return { producer, opsets, graph };
}

function readOpset(bytes: Uint8Array, allowance: Allowance): [domain: string, version: number] {
  const what = 'model.opset_import';
  let domain = '';
  let version = 0;
  for (const field of fieldsOf(bytes, what, allowance)) {
    if (field.number === 1) domain = textOf(field, what);
    else if (field.number === 2) version = integerOf(field, what);
  }
  return [ownDomain(domain), version];
}

/** `ai.onnx` is the long form of ''. */
function ownDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

function readGraph(bytes: Uint8Array, allowance: Allowance): OnnxGraph {
  const what = 'graph';
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initializers = new Map<string, OnnxTensor | TextTensor>();
  const nodes: OnnxNode[] = [];
  for (const field of fieldsOf(bytes, what, allowance)) {
    if (field.number === 1) nodes.push(readNode(bytesOf(field, what), nodes.length, allowance));
    else if (field.number === 5) {
      const at = `initializer ${initializers.size}`;
      const { name, tensor } = readTensor(bytesOf(field, what), at, allowance);
      if (initializers.has(name)) throw badModel(`tensor ${name}`, 'a second initializer', 'one');
      initializers.set(name, tensor);
    } else if (field.number === 11) {
      inputs.push(readValueInfo(bytesOf(field, what), `input ${inputs.length}`, allowance));
    } else if (field.number === 12) {
      outputs.push(readValueInfo(bytesOf(field, what), `output ${outputs.length}`, allowance));
    } else if (field.number === 15) {
      throw badModel(what, 'a sparse initializer', 'dense initializers');
    }
  }
  return { inputs, outputs, initializers, nodes };
}

function readNode(bytes: Uint8Array, position: number, allowance: Allowance): OnnxNode {
  const what = `node ${position}`;
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  let name = '';
  let operator = '';
  let domain = '';
  for (const field of fieldsOf(bytes, what, allowance)) {
    if (field.number === 1) inputs.push(textOf(field, what));
    else if (field.number === 2) outputs.push(textOf(field, what));
    else if (field.number === 3) name = textOf(field, what);
    else if (field.number === 4) operator = textOf(field, what);
    else if (field.number === 5) {
      const read = readAttribute(bytesOf(field, what), what, allowance);
      if (attributes.has(read.name)) throw badModel(what, `two attributes ${read.name}`, 'one');
      attributes.set(read.name, read.attribute);
    } else if (field.number === 7) domain = ownDomain(textOf(field, what));
  }
  if (operator === '') throw badModel(what, 'no operator', 'a name of an operator');
  if (name === '') name = `${operator} ${position}`;
  return { name, operator, domain, inputs, outputs, attributes };
}

/** The kinds by AttributeProto.AttributeType. */
const attributeKinds: readonly (Attribute['kind'] | undefined)[] = [
  undefined,
  'float',
  'int',
  'string',
  'tensor',
  'other',
  'floats',
  'ints',
  'strings',
];

function readAttribute(
  bytes: Uint8Array,
  node: string,
  allowance: Allowance,
): { readonly name: string; readonly attribute: Attribute } {
  const floats: number[] = [];
  const ints: number[] = [];
  const strings: string[] = [];
  let name = '';
  let typeNumber = 0;
  let single: Attribute | undefined;
  let listKind: Attribute['kind'] | undefined;
  const at = (): string => `${node}.${name}`;
  for (const field of fieldsOf(bytes, node, allowance)) {
    if (field.number === 1) name = textOf(field, node);
    else if (field.number === 7) pushFloats(floats, field, 4, at());
    else if (field.number === 8) pushIntegers(ints, field, at());
    else if (field.number === 9) strings.push(textOf(field, at()));
    else if (field.number === 20) typeNumber = integerOf(field, at());
    else single = singleAttribute(field, at(), allowance) ?? single;
    if (field.number >= 7 && field.number <= 9) listKind = attributeKinds[field.number - 1];
  }
  // Files older than the field `type` leave it out: then what is there says the kind.
  const kind =
    attributeKinds[typeNumber] ?? (typeNumber > 0 ? 'other' : (single?.kind ?? listKind));
  if (kind === 'floats') return { name, attribute: { kind, value: floats } };
  if (kind === 'ints') return { name, attribute: { kind, value: ints } };
  if (kind === 'strings') return { name, attribute: { kind, value: strings } };
  if (kind === 'other') return { name, attribute: { kind, value: undefined } };
  // A field with its default value may be left out of the file.
  if (single === undefined && kind === 'string') return { name, attribute: { kind, value: '' } };
  if (single === undefined && (kind === 'float' || kind === 'int')) {
    return { name, attribute: { kind, value: 0 } };
  }
  if (single === undefined || single.kind !== kind) {
    throw badModel(at(), `no value of kind ${kind ?? 'any'}`, 'a value of its kind');
  }
  return { name, attribute: single };
}

function singleAttribute(field: Field, what: string, allowance: Allowance): Attribute | undefined {
  if (field.number === 2) return { kind: 'float', value: floatOf(field, what) };
  if (field.number === 3) return { kind: 'int', value: integerOf(field, what) };
  if (field.number === 4) return { kind: 'string', value: textOf(field, what) };
  if (field.number === 5) {
    return { kind: 'tensor', value: readTensor(bytesOf(field, what), what, allowance).tensor };
  }
  const others = [6, 10, 11, 14, 15, 21, 22, 23];
  return others.includes(field.number) ? { kind: 'other', value: undefined } : undefined;
}

function readValueInfo(bytes: Uint8Array, position: string, allowance: Allowance): ValueInfo {
  let name = '';
  let type: ElementType | undefined;
  let shape: (number | string)[] | undefined;
  for (const field of fieldsOf(bytes, position, allowance)) {
    if (field.number === 1) name = textOf(field, position);
    if (field.number !== 2) continue;
    for (const kind of fieldsOf(bytesOf(field, position), position, allowance)) {
      if (kind.number !== 1) continue;
      for (const part of fieldsOf(bytesOf(kind, position), position, allowance)) {
        const what = name === '' ? position : name;
        if (part.number === 1) type = elementType(integerOf(part, what), what);
        else if (part.number === 2) shape = readShape(bytesOf(part, what), what, allowance);
      }
    }
  }
  return { name, type, shape };
}

function readShape(bytes: Uint8Array, what: string, allowance: Allowance): (number | string)[] {
  const shape: (number | string)[] = [];
  for (const field of fieldsOf(bytes, what, allowance)) {
    if (field.number !== 1) continue;
    let extent: number | string = '';
    for (const part of fieldsOf(bytesOf(field, what), what, allowance)) {
      if (part.number === 1) extent = integerOf(part, what);
      else if (part.number === 2) extent = textOf(part, what);
    }
    shape.push(extent);
  }
  return shape;
}
