import test from 'ava';
import { defaultCalibration } from '../../../lib/compiler/parameters/calibration.ts';
import { measurePrimitives } from '../../../lib/runtime/measure.ts';

test('measuring finds a time for each primitive of the cost table', async (t) => {
  const times = await measurePrimitives();
  for (const [name, time] of Object.entries(times)) {
    const listed = defaultCalibration[name as keyof typeof times];
    // Slow machines and busy ones are within a factor of a hundred of the table's.
    t.true(time > listed / 100 && time < listed * 100, `${name}: ${time}`);
  }
  t.is(Object.keys(times).length, 7);
});

test('the JavaScript thread is free while it measures', async (t) => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await measurePrimitives();
  clearInterval(timer);
  t.true(turns > 1, `${turns} turns`);
});
