import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  bootstrapVariance,
  freshSmallVariance,
  keyswitchVariance,
  modulusSwitchVariance,
  replyVariance,
  unpackedCmuxVariance,
} from '../../../../lib/compiler/parameters/noise.ts';
import { secureVariance } from '../../../../lib/compiler/parameters/security.ts';
import { log2erfc } from '../../../../lib/compiler/parameters/special.ts';

type Row = Readonly<Record<string, number>>;
const fixture: Readonly<Record<string, readonly Row[]>> = JSON.parse(
  readFileSync(new URL('../../../fixtures/tfhe-formulas.json', import.meta.url), 'utf8'),
);

/** Compares every row of a table of the fixture, to a relative 1e-9. */
function compare(
  t: { true: (value: boolean, message: string) => unknown; fail: (message: string) => unknown },
  name: string,
  column: string,
  formula: (cell: (column: string) => number) => number,
) {
  const rows = fixture[name] ?? [];
  if (rows.length === 0) t.fail(`the fixture has no ${name}`);
  for (const row of rows) {
    const wanted = row[column] ?? Number.NaN;
    const given = formula((key) => row[key] ?? Number.NaN);
    t.true(Math.abs(given / wanted - 1) < 1e-9, `${given} for ${JSON.stringify(row)}`);
  }
}

test('secureVariance is the formula of the tfhe crate', (t) => {
  compare(t, 'secureVariance', 'variance', (cell) =>
    secureVariance(cell('lweDimension'), cell('log2Modulus')),
  );
});

test('keyswitchVariance is the formula of the tfhe crate', (t) => {
  compare(t, 'keyswitchAdditiveVariance', 'variance', (cell) =>
    keyswitchVariance(
      cell('inputDimension'),
      cell('outputDimension'),
      { baseLog: cell('baseLog'), levelCount: cell('levelCount') },
      cell('log2InputModulus'),
      cell('log2OutputModulus'),
    ),
  );
});

test('bootstrapVariance is the formula of the tfhe crate', (t) => {
  compare(t, 'classicBootstrapVariance', 'variance', (cell) =>
    bootstrapVariance(
      cell('lweDimension'),
      { baseLog: cell('baseLog'), levelCount: cell('levelCount') },
      cell('polynomialSize'),
      cell('glweDimension'),
    ),
  );
});

test('modulusSwitchVariance is the formula of the tfhe crate', (t) => {
  compare(t, 'modulusSwitchVariance', 'centered', (cell) =>
    modulusSwitchVariance(cell('lweDimension'), cell('log2NewModulus'), cell('log2Modulus')),
  );
});

test('the failure probabilities that tfhe documents come out', (t) => {
  // n, k, N, bootstrap, keyswitch, bits, nu, switch, documented log2 failure: Gaussian classic sets.
  const sets: [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    string,
    number,
  ][] = [
    [747, 6, 256, 17, 1, 4, 3, 1, 1, 'centered', -128.603],
    [846, 3, 512, 17, 1, 5, 3, 2, 1, 'centered', -128.285],
    [884, 2, 1024, 23, 1, 5, 3, 3, 1, 'centered', -128.664],
    [863, 1, 2048, 23, 1, 3, 5, 4, 1, 'centered', -128.636],
    [866, 1, 2048, 23, 1, 3, 5, 4, 5, 'centered', -128.597],
    [931, 1, 4096, 23, 1, 3, 6, 5, 1, 'centered', -128.453],
    [1006, 1, 8192, 15, 2, 3, 7, 6, 1, 'centered', -128.153],
    [1055, 1, 16384, 15, 2, 2, 11, 7, 1, 'centered', -128.14],
    [1098, 1, 65536, 15, 2, 3, 7, 8, 1, 'centered', -129.169],
    [720, 6, 256, 17, 1, 4, 3, 1, 1, 'plain', -64.612],
    [775, 3, 512, 17, 1, 4, 3, 2, 1, 'plain', -64.023],
    [857, 2, 1024, 23, 1, 5, 3, 3, 1, 'plain', -64.194],
    [833, 1, 2048, 23, 1, 3, 5, 4, 1, 'plain', -64.471],
    [945, 1, 4096, 23, 1, 4, 4, 5, 1, 'plain', -64.128],
    [993, 1, 8192, 23, 1, 3, 6, 6, 1, 'plain', -64.029],
    [1051, 1, 16384, 15, 2, 3, 7, 7, 1, 'plain', -64.044],
    [1109, 1, 32768, 15, 2, 2, 11, 8, 1, 'plain', -64.001],
    [833, 1, 2048, 23, 1, 3, 5, 4, 5, 'plain', -64.014],
  ];
  for (const [n, k, N, pb, pl, kb, kl, p, nu, kind, documented] of sets) {
    const step = (2 * N) ** -2;
    const modulusSwitch =
      kind === 'centered'
        ? modulusSwitchVariance(n, Math.log2(2 * N), 64)
        : (n * step) / 24 + step / 12;
    const variance =
      nu ** 2 * bootstrapVariance(n, { baseLog: pb, levelCount: pl }, N, k) +
      keyswitchVariance(k * N, n, { baseLog: kb, levelCount: kl }, 64, 64) +
      modulusSwitch;
    const failure = log2erfc(2 ** -(p + 2) / Math.sqrt(2 * variance));
    t.true(Math.abs(failure - documented) < 2e-3, `${p} bits, n ${n}: ${failure}`);
  }
});

test('variances fall with the dimension and rise with the work', (t) => {
  const gadget = { baseLog: 3, levelCount: 5 };
  t.true(secureVariance(800, 32) > secureVariance(900, 32));
  t.true(keyswitchVariance(2048, 800, gadget) > keyswitchVariance(2048, 900, gadget));
  t.true(modulusSwitchVariance(900, 12) > modulusSwitchVariance(800, 12));
  t.true(modulusSwitchVariance(900, 12) > modulusSwitchVariance(900, 13));
  t.true(freshSmallVariance(800) >= secureVariance(800, 64));
  t.true(replyVariance(2048, 12) > replyVariance(2048, 13));
  t.is(replyVariance(2048, 64), 0);
});

test('an unpacked CMUX has a deviation near 2^-27 at two levels of 15 bits', (t) => {
  const deviation = Math.log2(unpackedCmuxVariance({ baseLog: 15, levelCount: 2 }, 2048)) / 2;
  t.true(deviation > -27.2 && deviation < -26.5, String(deviation));
});

test('a rounded reply errs by the mean of its parts', (t) => {
  // 1 body and, of 2048 mask coefficients, the half whose key bit is 1, each uniform in one step.
  const step = 2 ** -12;
  t.is(replyVariance(2048, 12), ((1 + 1024) * step ** 2) / 12);
});
