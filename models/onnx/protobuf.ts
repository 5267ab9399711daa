/**
 * The wire format of protocol buffers, read without trust: whatever bytes arrive, reading ends, stays inside them, and
 * allocates no more than a fixed multiple of their number.
 *
 * Format: protobuf.dev/programming-guides/encoding.
 */
import { error } from '../../lib/errors.ts';

/** One field of a message. */
export interface Field {
  readonly number: number;
  /** 0: an integer, in `integer`; 1, 5: eight or four bytes; 2: any number of bytes. */
  readonly wire: 0 | 1 | 2 | 5;
  /** The signed 64-bit integer of wire type 0; beyond 2^53 the nearest double. Else 0. */
  readonly integer: number;
  /** A view of the bytes of the other wire types; of wire type 0 none. */
  readonly bytes: Uint8Array;
}

/** How many messages and texts may still be read: two bytes of a file can stand for an object of hundreds. */
export interface Allowance {
  left: number;
}

/** Messages and texts in one file, at most: 2^22. */
export const largestCount: number = 2 ** 22;

/**
 * The fields of a message in their order, one by one.
 *
 * @param what names the message in errors
 * @throws BAD_MODEL where a field does not end inside the message, or has no wire type that is in use
 */
export function* fieldsOf(bytes: Uint8Array, what: string, allowance: Allowance): Generator<Field> {
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at, what);
    at = tag.end;
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    if (number < 1) throw badModel(what, `a field with the number ${number}`, 'numbers >= 1');
    if (wire === 0) {
      const { value, end } = readVarint(bytes, at, what);
      at = end;
      yield { number, wire, integer: value, bytes: bytes.subarray(at, at) };
      continue;
    }
    if (wire !== 1 && wire !== 2 && wire !== 5) {
      throw badModel(what, `field ${number} of wire type ${wire}`, 'wire types 0, 1, 2 and 5');
    }
    let length = wire === 1 ? 8 : 4;
    if (wire === 2) {
      const read = readVarint(bytes, at, what);
      length = read.value;
      at = read.end;
      allowance.left--;
      if (allowance.left < 0) {
        throw badModel(what, 'more messages and texts', `${largestCount} in all`);
      }
    }
    if (length < 0 || length > bytes.length - at) {
      const given = `field ${number} of ${length} bytes, where ${bytes.length - at} are left`;
      throw badModel(what, given, 'fields that end inside their message');
    }
    yield { number, wire, integer: 0, bytes: bytes.subarray(at, at + length) };
    at += length;
  }
}

/** The text of a field. @throws BAD_MODEL where it is no UTF-8 */
export function textOf(field: Field, what: string): string {
  expectWire(field, 2, what);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(field.bytes);
  } catch {
    throw badModel(what, `field ${field.number}, which is no UTF-8`, 'UTF-8');
  }
}

/** The bytes of a message or of any length. @throws BAD_MODEL for a field of another type */
export function bytesOf(field: Field, what: string): Uint8Array {
  expectWire(field, 2, what);
  return field.bytes;
}

/** The integer of a field. @throws BAD_MODEL for a field of another type */
export function integerOf(field: Field, what: string): number {
  expectWire(field, 0, what);
  return field.integer;
}

/** The 32-bit number of a field. @throws BAD_MODEL for a field of another type */
export function floatOf(field: Field, what: string): number {
  expectWire(field, 5, what);
  return new DataView(field.bytes.buffer, field.bytes.byteOffset).getFloat32(0, true);
}

/** Adds the integers of a repeated field, packed or one by one, to `values`. @throws BAD_MODEL */
export function pushIntegers(values: number[], field: Field, what: string): void {
  if (field.wire === 0) {
    values.push(field.integer);
    return;
  }
  expectWire(field, 2, what);
  for (let at = 0; at < field.bytes.length; ) {
    const { value, end } = readVarint(field.bytes, at, what);
    values.push(value);
    at = end;
  }
}

/** Adds the numbers of a repeated field of `width` bytes each, packed or one by one, to `values`. @throws BAD_MODEL */
export function pushFloats(values: number[], field: Field, width: 4 | 8, what: string): void {
  if (field.wire !== 2) expectWire(field, width === 4 ? 5 : 1, what);
  const { buffer, byteOffset, length } = field.bytes;
  if (length % width !== 0) {
    throw badModel(
      what,
      `field ${field.number} of ${length} bytes`,
      `a multiple of ${width} bytes`,
    );
  }
  const view = new DataView(buffer, byteOffset, length);
  for (let at = 0; at < length; at += width) {
    values.push(width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true));
  }
}

/** The error for a file that is no valid model. */
export function badModel(what: string, given: unknown, allowed?: unknown): Error {
  return error('BAD_MODEL', { what, given, allowed });
}

function expectWire(field: Field, wire: Field['wire'], what: string): void {
  if (field.wire === wire) return;
  throw badModel(what, `field ${field.number} of wire type ${field.wire}`, `wire type ${wire}`);
}

/** A signed 64-bit integer in groups of seven bits, the lowest first. */
function readVarint(
  bytes: Uint8Array,
  start: number,
  what: string,
): { readonly value: number; readonly end: number } {
  let value = 0;
  let scale = 1;
  for (let at = start; at < bytes.length && at < start + 10; at++) {
    const byte = bytes[at]!;
    // Up to seven groups are exact in a double; integers that are longer take the slow way.
    if (at < start + 7) value += (byte & 127) * scale;
    scale *= 128;
    if (byte > 127) continue;
    const end = at + 1;
    return { value: at < start + 7 ? value : wideVarint(bytes.subarray(start, end)), end };
  }
  const given = start + 10 > bytes.length ? 'an integer that does not end' : 'one of 11 bytes';
  throw badModel(what, given, 'integers of at most 10 bytes inside their message');
}

function wideVarint(bytes: Uint8Array): number {
  let value = 0n;
  for (const byte of [...bytes].reverse()) value = (value << 7n) | BigInt(byte & 127);
  return Number(BigInt.asIntN(64, value));
}
