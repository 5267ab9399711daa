/** Whether a random program computes what it means. */
import { deepStrictEqual } from 'node:assert/strict';
import { declareInputs } from '../../../lib/compiler/specs.ts';
import {
  BlindfitError,
  type Circuit,
  type CompileOptions,
  compile,
  type ErrorCode,
} from '../../../lib/index.ts';
import { evaluate, trace } from '../../../tracer/index.ts';
import { flat, readings } from '../agreement.ts';
import { functionOf, type ProgramSource, rowsOf, specsOf } from './programs.ts';

export type QueryForm = NonNullable<CompileOptions['query']>;
export const queryForms: readonly QueryForm[] = ['packed', 'unpacked', 'values'];

/** What a compiler may say of a program that is too wide; any other error is a defect. */
const refusals: readonly ErrorCode[] = [
  'LOOKUP_TOO_WIDE',
  'NO_PARAMETERS',
  'OVERFLOW_2_53',
  'TABLE_TOO_LARGE',
];

/** Longest estimated time of a row that is run encrypted, microseconds. */
const longest = 400_000;

/** The compiled program, or the code with which it is refused. @throws any other error */
export async function compiled(
  source: ProgramSource,
  query: QueryForm,
): Promise<Circuit | ErrorCode> {
  try {
    return await compile(functionOf(source), specsOf(source), { query });
  } catch (cause) {
    if (cause instanceof BlindfitError && refusals.includes(cause.code)) return cause.code;
    throw cause;
  }
}

/**
 * Compares what a circuit evaluates to with what it is interpreted and simulated to, on all rows.
 *
 * @throws if they differ, or where a node has no value, even one that no output needs
 */
export async function agreesInClear(circuit: Circuit, source: ProgramSource): Promise<void> {
  const graph = trace(functionOf(source), declareInputs(specsOf(source), undefined));
  for (const row of rowsOf(source)) {
    evaluate(graph, row);
    const { evaluated, interpreted, simulated } = await readings(circuit, row);
    deepStrictEqual(interpreted, evaluated, `interpreted, ${described(circuit, row)}`);
    deepStrictEqual(simulated, evaluated, `simulated, ${described(circuit, row)}`);
  }
}

/** Compares what a circuit evaluates to with encrypted runs of some rows. @throws if they differ */
export async function agreesEncrypted(circuit: Circuit, source: ProgramSource): Promise<void> {
  for (const row of rowsOf(source).slice(-3)) {
    const decrypted = flat(await circuit.encryptRunDecrypt(...row));
    deepStrictEqual(
      decrypted,
      flat(circuit.evaluate(...row)),
      `encrypted, ${described(circuit, row)}`,
    );
  }
}

/** Whether a circuit runs encrypted in little time. */
export function isShort(circuit: Circuit): boolean {
  return circuit.statistics.microseconds <= longest;
}

function described(circuit: Circuit, row: ReturnType<typeof rowsOf>[number]): string {
  return `${row.map(({ data }) => `[${data.join(', ')}]`).join(', ')}\n${circuit.graph}`;
}
