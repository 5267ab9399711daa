/**
 * Which recorded values are known to be 0 or 1: `where` takes those as conditions as they are, and a condition that
 * nothing uses is a mistake.
 */
import { type Argument, Handle, type Recorder } from './record.ts';

/** Tells whether all elements are known to be 0 or 1: comparisons, logic, inputs and promises of that range. */
export function isBoolean({ traced, tensor }: Argument): boolean {
  if (tensor) return tensor.data.every((value) => value === 0 || value === 1);
  return traced !== null && isBooleanNode(traced.recorder, traced.id);
}

/** Notes that a result is 0 or 1; a 'condition' is refused at the end of a trace where nothing uses it. */
export function markBoolean<T>(result: T, role: 'condition' | 'bit'): T {
  if (!(result instanceof Handle)) return result;
  result.recorder.booleans.add(result.id);
  if (role === 'condition') result.recorder.conditions.add(result.id);
  return result;
}

function isBooleanNode(recorder: Recorder, id: number): boolean {
  if (recorder.booleans.has(id)) return true;
  const node = recorder.nodes[id]!;
  if (node.op === 'input' || node.op === 'assume') return node.min >= 0 && node.max <= 1;
  if (node.op === 'constant') return isBoolean({ ...node, traced: null, tensor: node.value });
  const same = node.op === 'rearrange' || node.op === 'refresh';
  return same && node.inputs.every((input) => isBooleanNode(recorder, input));
}
