/**
 * Attributes of a node by name and kind, with the operator's default.
 */
import type { AttributeValues, OnnxNode } from './model.ts';
import { badModel } from './protobuf.ts';
import type { OnnxTensor } from './tensors.ts';

/** An integer. @throws BAD_MODEL for an attribute of another kind */
export function intAttribute(node: OnnxNode, name: string, otherwise: number): number {
  return attribute(node, name, 'int') ?? otherwise;
}

/** A number. @throws BAD_MODEL for an attribute of another kind */
export function floatAttribute(node: OnnxNode, name: string, otherwise: number): number {
  return attribute(node, name, 'float') ?? otherwise;
}

/** A text. @throws BAD_MODEL for an attribute of another kind */
export function stringAttribute(node: OnnxNode, name: string, otherwise: string): string {
  return attribute(node, name, 'string') ?? otherwise;
}

/** Integers, undefined where the node has none. @throws BAD_MODEL for an attribute of another kind */
export function intsAttribute(node: OnnxNode, name: string): readonly number[] | undefined {
  return attribute(node, name, 'ints');
}

/** Numbers, undefined where the node has none. @throws BAD_MODEL for an attribute of another kind */
export function floatsAttribute(node: OnnxNode, name: string): readonly number[] | undefined {
  return attribute(node, name, 'floats');
}

/** Texts, undefined where the node has none. @throws BAD_MODEL for an attribute of another kind */
export function stringsAttribute(node: OnnxNode, name: string): readonly string[] | undefined {
  return attribute(node, name, 'strings');
}

/** A tensor of numbers, undefined where the node has none. @throws BAD_MODEL for anything else */
export function tensorAttribute(node: OnnxNode, name: string): OnnxTensor | undefined {
  const tensor = attribute(node, name, 'tensor');
  if (tensor?.type === 'string') throw badModel(`${node.name}.${name}`, 'texts', 'numbers');
  return tensor;
}

function attribute<K extends keyof AttributeValues>(
  node: OnnxNode,
  name: string,
  kind: K,
): AttributeValues[K] | undefined {
  const found = node.attributes.get(name);
  if (found === undefined) return undefined;
  if (found.kind === kind) return found.value as AttributeValues[K];
  throw badModel(`${node.name}.${name}`, `an attribute of kind ${found.kind}`, kind);
}
