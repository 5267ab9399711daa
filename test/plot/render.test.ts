import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';

test('without the package vega, a plot says what to install', async (t) => {
  const hook = `export function resolve(name, context, next) {
    if (name === 'vega') throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' });
    return next(name, context);
  }`;
  const program = `import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}));
  const { plotLines } = await import('blindfit/plot');
  const series = [{ label: 'a', points: [[1, 1]] }];
  await plotLines({ series }).catch(({ code, message }) => console.log(code, message));`;
  const flags = ['--import=tsx', '--conditions=source', '--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  t.regex(stdout, /^UNSUPPORTED plot: .*no package vega; run `npm install vega`/);
});
