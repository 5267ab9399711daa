/** What random programs can do. */
import test from 'ava';
import fc from 'fast-check';
import { declareInputs } from '../../../lib/compiler/specs.ts';
import * as np from '../../../tracer/index.ts';
import { operations } from '../../support/random/operations.ts';
import { programs, specsOf } from '../../support/random/programs.ts';
import { fits, type Numpy, Reader } from '../../support/random/reader.ts';

/** What the tracer exports that is no operation: graphs, clear arrays, types. */
const others = [
  'Traced',
  'consumersOf',
  'evaluate',
  'evaluateAll',
  'evaluateBatch',
  'evaluateNode',
  'fromTensor',
  'hash',
  'ndim',
  'prepare',
  'print',
  'prune',
  'scalarFunction',
  'toDot',
  'toIntegerTensor',
  'toTensor',
  'trace',
  'verify',
];

/** `np`, and the names of what was read of it. */
function recording(): { np: Numpy; names: Set<string> } {
  const names = new Set<string>();
  const get = (target: Numpy, name: string): unknown => {
    names.add(name);
    return Reflect.get(target, name);
  };
  return { np: new Proxy({ ...np }, { get: get as ProxyHandler<Numpy>['get'] & {} }), names };
}

test('random programs reach every operation of the tracer', (t) => {
  const reached = new Set<string>();
  const made = new Set<string>();
  const never = () => Object.keys(operations).filter((name) => !made.has(name));
  const unreached = () => Object.keys(np).filter((name) => !reached.has(name));
  for (const source of fc.sample(programs(8), { numRuns: 300, seed: 1 })) {
    if (never().length === 0 && unreached().length === others.length) break;
    const inputs = declareInputs(specsOf(source), undefined);
    np.trace((...values) => {
      const known = values.map((value, i) => ({ ...source.inputs[i]!, value }));
      const outputs = [...values];
      for (const [name, make] of Object.entries(operations)) {
        const step = source.steps[outputs.length % source.steps.length]!;
        const { np: recorded, names } = recording();
        const result = make(new Reader(recorded, known, step));
        if (result === null || !fits(result)) continue;
        made.add(name);
        for (const each of names) reached.add(each);
        outputs.push(result.value as np.Traced);
      }
      return outputs;
    }, inputs);
  }
  t.deepEqual(never(), [], 'operations of random programs that are never possible');
  t.deepEqual(
    unreached().sort(),
    others,
    'add what is new to test/support/random/, or to the list of what is no operation',
  );
});
