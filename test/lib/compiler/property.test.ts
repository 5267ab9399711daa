/** Random programs: what a circuit means, what its program computes and what simulation shows are one thing. */
import test from 'ava';
import fc from 'fast-check';
import { type Circuit, compile } from '../../../lib/index.ts';
import { toTensor } from '../../../tracer/index.ts';
import { interpret } from '../../support/interpret.ts';
import {
  functionOf,
  type ProgramSource,
  programs,
  rowsOf,
  specsOf,
} from '../../support/programs.ts';

/** All outputs of a row, flat. */
const flat = (outputs: Awaited<ReturnType<Circuit['simulate']>>): number[] =>
  (Array.isArray(outputs) ? outputs : [outputs]).flatMap((each) => [...toTensor(each).data]);

const shaped = (source: ProgramSource, row: readonly number[][]) =>
  row.map((data, i) => ({ shape: source.inputs[i]!.shape, data: Float64Array.from(data) }));

test('programs compute what they mean, interpreted and simulated', async (t) => {
  await fc.assert(
    fc.asyncProperty(programs(7), async (source) => {
      const circuit = await compile(functionOf(source), specsOf(source));
      for (const row of rowsOf(source)) {
        const args = shaped(source, row);
        const expected = flat(circuit.evaluate(...args));
        t.deepEqual(interpret(circuit.program, row.flat()), expected, String(circuit.graph));
        t.deepEqual(flat(await circuit.simulate(...args)), expected, String(circuit.graph));
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 150) },
  );
});
