import test from 'ava';
import * as np from '../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [2, 3], min: 0, max: 15, encrypted: true };
const functions: Readonly<Record<string, unknown>> = { ...np };

/** Functions that have another name than their method. */
const names: Readonly<Record<string, string>> = { trace: 'matrixTrace', var: 'variance' };

/** Names of functions that are also methods, wherever on the chain of classes. */
function methodNames(): string[] {
  const found: string[] = [];
  let prototype: object = np.Traced.prototype;
  while (prototype !== Object.prototype) {
    found.push(...Object.getOwnPropertyNames(prototype));
    prototype = Object.getPrototypeOf(prototype);
  }
  return found.filter((name) => name !== 'ndim' && Object.hasOwn(functions, names[name] ?? name));
}

/** Arguments after x, where they are not nothing (functions of one argument) or 2 (functions of two). */
const rest: Readonly<Record<string, readonly unknown[]>> = {
  where: [3, 4],
  clip: [1, 2],
  round: [1],
  at: [0, 1],
  set: [[0, 1], 2],
  reshape: [[3, 2]],
  expandDims: [1],
  broadcastTo: [[2, 2, 3]],
  matmul: [[1, 2, 3]],
  dot: [[1, 2, 3]],
  astype: ['float'],
  hint: [{ bits: 3 }],
  diagonal: [{ offset: 1 }],
  flip: [0],
  roll: [1, 0],
  swapaxes: [0, 1],
  moveaxis: [0, 1],
};

/** Methods of integers only. */
const ofIntegers =
  /^(hint|refresh|bits|bitwise\w+|invert|(left|right)Shift|sort|median|roundBits|truncateBits)$/;

test('there are methods', (t) => t.true(methodNames().length >= 60));

for (const name of methodNames()) {
  test(`the method ${name} records what the function records`, (t) => {
    type Method = (...args: readonly unknown[]) => np.Traced;
    const f = functions[names[name] ?? name] as Method;
    const args = rest[name] ?? (f.length === 1 ? [] : [2]);
    const factor = ofIntegers.test(name) ? 2 : 0.5;
    const show = (call: (v: np.Traced) => np.Traced): string =>
      np.print(np.trace((v) => call(v!.multiply(factor)).map(() => 0), [x]));
    const method = show((v) => {
      const own = (v as unknown as Record<string, Method>)[name]!;
      return name === 'map' ? own.call(v, Math.abs) : own.apply(v, [...args]);
    });
    t.is(
      method,
      show((v) => (name === 'map' ? f(Math.abs, v) : f(v, ...args))),
    );
  });
}
