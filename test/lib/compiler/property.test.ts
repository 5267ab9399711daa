/** Random programs: what a circuit means, what its program computes and what simulation shows are one thing. */
import { deepStrictEqual } from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import { type Circuit, type CompileOptions, compile } from '../../../lib/index.ts';
import type { Tensor } from '../../../tracer/index.ts';
import { flat, readings } from '../../support/agreement.ts';
import {
  functionOf,
  type ProgramSource,
  programs,
  rowsOf,
  specsOf,
} from '../../support/programs.ts';

type QueryForm = NonNullable<CompileOptions['query']>;

/** Runs of the clear properties and, with keys of their own, of the encrypted ones. */
const runs: Record<QueryForm, readonly [clear: number, encrypted: number]> = {
  packed: [120, 30],
  unpacked: [80, 20],
  values: [120, 5],
};

const tensorsOf = (source: ProgramSource, row: readonly number[][]): Tensor[] =>
  row.map((data, i) => ({ shape: source.inputs[i]!.shape, data: Float64Array.from(data) }));

const compiled = (source: ProgramSource, query: QueryForm): Promise<Circuit> =>
  compile(functionOf(source), specsOf(source), { query });

for (const query of ['packed', 'unpacked', 'values'] as const) {
  test(`programs compute what they mean, interpreted and simulated: ${query}`, async (t) => {
    const agree = fc.asyncProperty(programs(7), async (source) => {
      const circuit = await compiled(source, query);
      for (const row of rowsOf(source)) {
        const { evaluated, interpreted, simulated } = await readings(
          circuit,
          tensorsOf(source, row),
        );
        const at = `${JSON.stringify(row)}\n${circuit.graph}`;
        deepStrictEqual(interpreted, evaluated, at);
        deepStrictEqual(simulated, evaluated, at);
      }
    });
    await t.notThrowsAsync(
      fc.assert(agree, { numRuns: runs[query][0], includeErrorInReport: true }),
    );
  });

  test.serial(`programs compute what they mean, encrypted: ${query}`, async (t) => {
    const agree = fc.asyncProperty(programs(4), async (source) => {
      const circuit = await compiled(source, query);
      const { lookups, diagrams } = circuit.statistics;
      fc.pre(lookups.bootstraps <= 6 && diagrams.cmux <= 300);
      for (const row of rowsOf(source).slice(0, 2)) {
        const args = tensorsOf(source, row);
        const at = `${JSON.stringify(row)}\n${circuit.graph}`;
        deepStrictEqual(
          flat(await circuit.encryptRunDecrypt(...args)),
          flat(circuit.evaluate(...args)),
          at,
        );
      }
    });
    await t.notThrowsAsync(
      fc.assert(agree, { numRuns: runs[query][1], includeErrorInReport: true }),
    );
  });
}
