import test from 'ava';
import {
  captureLocation,
  findUserFrame,
  formatLocation,
  parseFrame,
} from '../../tracer/location.ts';

test('frames of V8 are read in all their forms', (t) => {
  const frames: [string, string | null][] = [
    ['    at f (file:///a/b.ts:10:5)', '/a/b.ts:10:5'],
    ['    at file:///a/b%20c.ts?v=1:3:7', '/a/b c.ts:3:7'],
    ['    at async Object.run (/a/b (copy)/c.ts:1:2)', '/a/b (copy)/c.ts:1:2'],
    ['    at new X (C:\\a\\b.ts:10:5)', 'C:/a/b.ts:10:5'],
    ['    at f (file:///C:/a/b.ts:10:5)', 'C:/a/b.ts:10:5'],
    ['    at http://localhost/b.js:10:5', 'http://localhost/b.js:10:5'],
    ['    at Array.map (<anonymous>)', null],
    ['    at eval (eval at f (/a/b.ts:1:1), <anonymous>:1:1)', null],
    ['Error: x', null],
  ];
  for (const [text, expected] of frames) {
    t.is(formatLocation(parseFrame(text) ?? undefined), expected, text);
  }
});

test('frames of the library and of Node are passed over, other packages are not', (t) => {
  const root = new URL('../..', import.meta.url).href;
  const own = [
    'tracer/value.ts',
    'lib/compiler/compile.ts',
    'estimators/base.ts',
    'node_modules/ava/lib/test.js',
  ];
  const stack = [
    ...own.map((file) => `    at f (${root}${file}:1:1)`),
    '    at node:internal/x:1:1',
  ];
  t.is(findUserFrame(stack.join('\n')), null);
  t.is(findUserFrame([...stack, '    at g (/app/lib/x.ts:4:2)'].join('\n'))?.file, '/app/lib/x.ts');
  t.is(findUserFrame(`    at f (${root}docs/examples/x.ts:4:2)`)?.line, 4);
});

test('a stack without a user frame has line 0 and prints as nothing', (t) => {
  const location = captureLocation();
  t.true(location.line > 0);
  t.is(formatLocation({ file: '', line: 0, column: 0 }), null);
  t.is(formatLocation(undefined), null);
  const limit = Error.stackTraceLimit;
  captureLocation();
  t.is(Error.stackTraceLimit, limit);
});
