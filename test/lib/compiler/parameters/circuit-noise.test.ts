import test from 'ava';
import {
  circuitCmux,
  circuitNoise,
  payloadDegrees,
  traceRows,
} from '../../../../lib/compiler/parameters/circuit-noise.ts';
import { bootstrapVariance } from '../../../../lib/compiler/parameters/noise.ts';
import { squareVariance } from '../../../../lib/compiler/parameters/packed-noise.ts';

const gadget = (baseLog: number, levelCount: number) => ({ baseLog, levelCount });
const size = 2048;

const precise = {
  circuit: { gadget: gadget(5, 5), automorphism: gadget(6, 8), square: gadget(8, 6) },
  rotation: bootstrapVariance(600, gadget(12, 3), size),
  // log2 of the standard deviations that `bits_have_the_noise_of_the_formulas_and_select` measures over 400 bits.
  measured: { output: -25.92, payload: -25.84, bodyRow: -31.09, maskRow: -26.09, cmux: -16.21 },
};
const fast = {
  circuit: { gadget: gadget(4, 4), automorphism: gadget(10, 5), square: gadget(12, 4) },
  rotation: bootstrapVariance(600, gadget(15, 2), size),
  measured: { output: -22.4, payload: -22.31, bodyRow: -27.53, maskRow: -22.53, cmux: -13.03 },
};

test('outputs, rows and CMUX have the variance that was measured, within a factor of 2', (t) => {
  for (const { circuit, rotation, measured } of [precise, fast]) {
    const noise = { output: rotation, ...circuitNoise(circuit, rotation, size) };
    for (const name of ['output', 'payload', 'bodyRow', 'maskRow', 'cmux'] as const) {
      const given = Math.log2(noise[name]) / 2;
      t.true(Math.abs(given - measured[name]) < 0.5, `${name}: ${given}, not ${measured[name]}`);
    }
  }
});

test('a CMUX is affine in the variance of the rotation', (t) => {
  const { circuit } = precise;
  const rows = traceRows(circuit.automorphism, size) + squareVariance(circuit.square, size);
  const { fixed, perRotation } = circuitCmux(circuit.gadget, rows, size);
  for (const rotation of [0, 4 ** -26, 4 ** -20]) {
    const wanted = circuitNoise(circuit, rotation, size).cmux;
    t.true(Math.abs((fixed + perRotation * rotation) / wanted - 1) < 1e-9);
  }
});

test('most of the variance differs from run to run, less so the more bits a value depends on', (t) => {
  const { circuit, rotation } = precise;
  const [one, eight] = [1, 8].map((bits) => circuitNoise(circuit, rotation, size, bits));
  t.true(one!.share > 0.5 && one!.share <= 1);
  t.is(one!.share, eight!.share);
  t.true(Math.abs(eight!.degrees / one!.degrees - 8) < 1e-9);
  // Correlated levels count less, and what the search assumes is no better than what is predicted.
  t.true(payloadDegrees(circuit.gadget, 1) < circuit.gadget.levelCount / 2);
  t.true(payloadDegrees(circuit.gadget, 1) <= one!.degrees);
});
