/** Functions as circuits against numpy: some cases of each fixture, compiled, in several mixes of encrypted and clear. */
import test from 'ava';
import { clear, compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { interpret } from '../../support/interpret.ts';
import { type Case, call, cases, tensor } from '../../support/numpy.ts';

/** Cases of each function, spread over those that are small. */
const PER_FUNCTION = 4;

/** What the argument at a place is; only the first may be read from a table. */
const mixes: Readonly<Record<string, (k: number) => 'encrypted' | 'clear' | 'constant'>> = {
  'all encrypted': () => 'encrypted',
  'constants behind': (k) => (k === 0 ? 'encrypted' : 'constant'),
  'clear inputs behind': (k) => (k === 0 ? 'encrypted' : 'clear'),
  'encrypted behind a constant': (k) => (k === 0 ? 'constant' : 'encrypted'),
};

/** Functions that have no integer for 0, or for a negative number, as their last argument. */
const divisions = /^(floorDivide|remainder|mod|fmod|divide|trueDivide|power|floatPower)$/;
const shifts = /^(leftShift|rightShift|power|ldexp)$/;

function isSmall({ arguments: given, name }: Case): boolean {
  const values = given.flatMap(({ data }) => data.map(Number));
  const whole = values.every((value) => Number.isInteger(value) && Math.abs(value) <= 64);
  return given.length > 0 && whole && values.length <= 12 && name !== 'lcm';
}

/** A float as an integer that tells it from others nearby. */
const scaled = (value: number): number =>
  Number.isFinite(value) ? Math.round(value * 1024) + 0 : -1;

const names = [...new Set(cases.map(({ name }) => name))];
for (const [mix, kindOf] of Object.entries(mixes))
  test(`what is compiled gives what numpy gives: ${mix}`, async (t) => {
    let compiled = 0;
    for (const name of names) {
      const small = cases.filter((each) => each.name === name && isSmall(each));
      const count = Math.min(PER_FUNCTION, small.length);
      for (let i = 0; i < count; i++) {
        const each = small[Math.floor((i * small.length) / count)]!;
        if (await checked(each, kindOf)) compiled++;
      }
    }
    t.true(compiled > 100, `${compiled}`);

    async function checked(each: Case, kindOf: (k: number) => string): Promise<boolean> {
      const values = each.arguments.map(tensor);
      const kinds = values.map((_, k) => (each.name === 'table' && k > 0 ? 'constant' : kindOf(k)));
      if (!kinds.includes('encrypted')) return false;
      const last = values.at(-1)!.data;
      const variable = kinds.at(-1) !== 'constant' && values.length > 1;
      if (
        variable &&
        divisions.test(each.name) &&
        last.some((v) => v >= 0) &&
        last.some((v) => v <= 0)
      )
        return false;
      if (variable && shifts.test(each.name) && last.some((v) => v < 0)) return false;
      const inputs = values.filter((_, k) => kinds[k] !== 'constant');
      const specs = Object.fromEntries(
        values.flatMap(({ shape, data }, k) => {
          if (kinds[k] === 'constant') return [];
          const make = kinds[k] === 'clear' ? clear : encrypted;
          const [min, max] = data.length === 0 ? [0, 1] : [Math.min(...data), Math.max(...data)];
          return [[`x${k}`, make.range(min, max, shape)]];
        }),
      );
      let float = false;
      const f = (...traced: np.Traced[]): np.Traced => {
        const result = call(
          each,
          values.map((v, k) => (kinds[k] === 'constant' ? v : traced.shift()!)),
        );
        float = (result as np.Traced).kind === 'float';
        return float
          ? np.map(scaled, result as np.Traced, { kind: 'integer' })
          : (result as np.Traced);
      };
      const circuit = await compile(f, specs, { calibration: 'default' });
      const expected = each.data.map(Number);
      const label = JSON.stringify(each);
      t.deepEqual(circuit.outputs, [each.shape], label);
      const given = inputs.flatMap(({ data }) => [...data]);
      t.deepEqual(
        interpret(circuit.program, given),
        float ? expected.map(scaled) : expected,
        label,
      );
      return true;
    }
  });
