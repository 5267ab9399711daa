/**
 * Measures Blindfit: `npm run bench -- [--json] [--list] [--exact] [name ...]`.
 *
 * Names select the cases whose name contains one of them, or with `--exact` is one of them. `--json` prints one JSON object and nothing else.
 * BLINDFIT_THREADS sets the computing threads. Times are medians.
 */
import { parseArgs } from 'node:util';
import type { Figures } from './case.ts';
import { selectCases } from './registry.ts';
import { figureLines, machine, table } from './report.ts';

const { values: options, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, list: { type: 'boolean' }, exact: { type: 'boolean' } },
  allowPositionals: true,
});

const cases = await selectCases((name) =>
  options.exact
    ? positionals.includes(name)
    : positionals.length === 0 || positionals.some((text) => name.includes(text)),
);
const results: Record<string, Figures> = {};
for (const { name, goal, run } of cases) {
  if (options.list) {
    console.log(name);
    continue;
  }
  let figures: Figures;
  try {
    figures = await run();
  } catch (cause) {
    // The other cases may be worth the wait.
    console.error(`\n${name}: ${cause instanceof Error ? cause.message : cause}`);
    process.exitCode = 1;
    continue;
  }
  results[name] = figures;
  if (!options.json) {
    console.log(`\n${table([name, 'median', 'goal', ''], figureLines(figures, goal))}`);
  }
}
if (options.json) console.log(JSON.stringify({ machine: machine(), results }));
