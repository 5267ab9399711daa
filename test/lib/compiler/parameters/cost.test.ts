import test from 'ava';
import { defaultCalibration as times } from '../../../../lib/compiler/parameters/calibration.ts';
import {
  automorphismTime,
  blindRotationTime,
  cmuxTime,
  evaluationKeyBytes,
  expansionCount,
  halfKeyswitchTime,
  keyswitchTime,
  lonelinessTime,
  packedQueryBytes,
  unpackedQueryBytes,
} from '../../../../lib/compiler/parameters/cost.ts';

const gadget = (baseLog: number, levelCount: number) => ({ baseLog, levelCount });
const packed = {
  log2Coefficients: 6,
  gadget: gadget(5, 5),
  automorphism: gadget(4, 12),
  square: gadget(5, 10),
};

test('sizes are those of the wire: bodies of 8 bytes, one seed of 16 a part', (t) => {
  const glwe = { dimension: 1, polynomialSize: 2048 };
  const parameters = { glwe, packed, unpacked: null, lookups: [], circuit: null };
  t.is(evaluationKeyBytes(parameters), 1312 * 1024 + 7 * 16);
  t.is(packedQueryBytes(packed, 180, 2048), 15 * 16 * 1024 + 16);
  t.is(unpackedQueryBytes(gadget(15, 2), 1, 2048), 64 * 1024 + 16);
  const lookup = {
    lweDimension: 800,
    keyswitch: gadget(3, 5),
    bootstrap: gadget(23, 1),
    log2Extension: 0,
  };
  t.is(
    evaluationKeyBytes({ ...parameters, packed: null, lookups: [lookup], circuit: null }),
    32 + 2048 * 5 * 4 + 800 * 2 * 2048 * 8,
  );
  const circuit = { gadget: gadget(5, 5), automorphism: gadget(6, 8), square: gadget(8, 6) };
  t.is(
    evaluationKeyBytes({ ...parameters, packed: null, circuit: { ...circuit, lookup: 0 } }),
    11 * (16 + 8 * 2048 * 8) + 16 + 6 * 2048 * 8,
  );
});

test('an expansion takes P - 1 keyswitches per full ciphertext and fewer for the last', (t) => {
  t.is(expansionCount(64, 6), 63);
  t.is(expansionCount(128, 6), 126);
  t.is(expansionCount(1, 6), 6);
  t.is(expansionCount(65, 6), 63 + 6);
  t.is(expansionCount(3, 2), 1 + 2);
  t.is(expansionCount(10, 0), 0);
});

test('a bit that is bootstrapped alone waits for the whole key, one of a full batch for its part', (t) => {
  const lookup = { lweDimension: 600, keyswitch: gadget(2, 5), bootstrap: gadget(12, 3) };
  const time = (bits: number, layers: number) => lonelinessTime(bits, layers, lookup, 2048, times);
  t.true(time(1, 1) > 5_000);
  t.true(time(8, 2) < time(8, 4) && time(8, 4) < time(8, 8));
  t.is(time(8, 8), time(1, 1));
  t.is(time(32, 2), 0);
  t.is(time(1000, 2), 0);
});

test('time rises with levels, dimension and extension', (t) => {
  t.true(cmuxTime(5, 2048, times) > cmuxTime(3, 2048, times));
  t.true(halfKeyswitchTime(5, 2048, times) < cmuxTime(5, 2048, times));
  t.true(halfKeyswitchTime(5, 2048, times, 3) > halfKeyswitchTime(5, 2048, times));
  t.true(automorphismTime(12, 2048, times) > halfKeyswitchTime(12, 2048, times));
  t.true(keyswitchTime(900, 5, 2048, times) > keyswitchTime(800, 5, 2048, times));
  const rotation = (e: number) => blindRotationTime(800, gadget(23, 1), e, 2048, times);
  t.true(rotation(3) > 7 * rotation(0) && rotation(3) < 8 * rotation(0));
});
