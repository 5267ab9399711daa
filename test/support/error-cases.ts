/** Golden tests of compile errors: the whole message, the user's own line and graph, and that its remedies work. */
import test from 'ava';
import {
  BlindfitError,
  type Circuit,
  type CompileOptions,
  compile,
  type ErrorCode,
} from '../../lib/index.ts';
import * as np from '../../tracer/index.ts';

/** A program that is refused, and how. */
export interface ErrorCase {
  readonly name: string;
  readonly f: np.TracedFunction;
  readonly specs: Parameters<typeof compile>[1];
  readonly options?: CompileOptions;
  readonly code: ErrorCode;
  /** The message up to the place. */
  readonly message: string;
  /** The graph, without places. */
  readonly graph: string;
  /** The remedies, each followed: these do compile. */
  readonly cured: readonly Cure[];
}

/** What differs from the case that was refused. */
interface Cure {
  readonly f?: np.TracedFunction;
  readonly specs?: ErrorCase['specs'];
  readonly options?: CompileOptions;
}

/** Something that only a table computes. */
export function digest(x: np.Traced): np.Traced {
  return np.map((v: number) => (v * v) % 7, x, { name: 'digest' });
}

/** A test for each case, and one for each remedy. `file` is the name of the file in which the cases stand. */
export function checkErrors(file: string, cases: readonly ErrorCase[]): void {
  for (const { name, f, specs, options, code, message, graph, cured } of cases) {
    test(`${code}: ${name}`, async (t) => {
      const cause = await t.throwsAsync(() => compile(f, specs, options), {
        instanceOf: BlindfitError,
        code,
      });
      const [head, ...lines] = cause!.message.split('\n');
      const place = /^(.*) \((.*):(\d+):(\d+)\)$/.exec(head!);
      t.is(place?.[1], message);
      t.true(place?.[2]?.endsWith(`/${file}`), head);
      const placed = lines.join('\n').replace(/@ \S*\.test\.ts:\d+:\d+/g, '@ here');
      t.is(placed.trim(), graph.trim());
    });

    cured.forEach((cure, k) => {
      test(`${code}: ${name}: remedy ${k + 1} works`, async (t) => {
        const changed = { f, specs, options, ...cure };
        const circuit = await compile(changed.f, changed.specs, changed.options);
        for (const seed of [0, 1, 2]) {
          const row = exampleOf(circuit, seed);
          t.deepEqual(await circuit.simulate(...row), circuit.evaluate(...row));
        }
      });
    });
  }
}

/** Values over the ranges of the inputs: the least, the largest, and some between. */
function exampleOf(circuit: Pick<Circuit, 'inputs'>, seed: number): np.ArrayLike[] {
  return circuit.inputs.map(({ shape, min, max }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const place = (i: number) => [0, 1, (i * 0.618 + 0.3) % 1][seed]!;
    const data = Array.from({ length: size }, (_, i) => min + Math.floor(place(i) * (max - min)));
    return shape.length === 0 ? data[0]! : np.reshape(data, shape);
  });
}
