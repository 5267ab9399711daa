import { GradientBoostingRegressor, GradientBoostingClassifier } from 'blindfit/estimators';
import { readFileSync } from 'node:fs';
import { load } from './test/estimators/support.ts';
const arg = (name: string, d: string) => process.argv.find(a => a.startsWith(name + '='))?.split('=')[1] ?? d;
const { sets } = JSON.parse(readFileSync('test/fixtures/xgboost.json', 'utf8'));
const s0 = sets.find((s: any) => s.name === arg('set', 'friedman'));
const p: any = { nEstimators: Number(arg('n', '50')), maxDepth: Number(arg('depth', '4')), learningRate: Number(arg('lr', '0.1')), growPolicy: arg('policy', 'symmetric'), nBits: Number(arg('nBits', '8')) };
const src = s0.X ? s0 : JSON.parse(readFileSync(`test/fixtures/sklearn-${arg('set','')}.json`, 'utf8'));
const C: any = s0.classes ? GradientBoostingClassifier : GradientBoostingRegressor;
const m = new C(p).fit(s0.train.length ? src.train.map((i: number) => src.X[i].map((v: any) => v ?? NaN)) : [], src.train.map((i: number) => src.y[i]));
const te = src.test.map((i: number) => src.X[i].map((v: any) => v ?? NaN));
let t = performance.now(); const c = await m.compile(); const ct = performance.now() - t;
const row = te.slice(0, 1); const times: number[] = [];
const eq = JSON.stringify(await m.predict(row, { encrypted: true })) === JSON.stringify(m.predict(row));
for (let i = 0; i < Number(arg('runs','11')); i++) { t = performance.now(); await m.predict(row, { encrypted: true }); times.push(performance.now() - t); }
times.sort((a, b) => a - b); const s = c.statistics;
const splits = m.fitted.rounds.flat().reduce((a: number, t: any) => a + t.feature.filter((f: number) => f >= 0).length, 0);
console.log(JSON.stringify(p), 'score', m.score(te, src.test.map((i: number) => src.y[i])).toFixed(4), 'splits', splits, 'compile', ct.toFixed(0), 'eq', eq, 'min', times[0]!.toFixed(1), 'med', times[times.length >> 1]!.toFixed(1), 'est', (s.microseconds / 1e3).toFixed(1), 'bits', s.diagrams.bits, 'of', m.fitted.quantizer.features.length, 'cmux', s.diagrams.cmux, 'key', s.evaluationKeyBytes, 'query', s.queryBytes, 'reply', s.replyBytes);
