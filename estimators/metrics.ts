export { accuracyScore } from './metrics/accuracy.ts';
export { r2Score } from './metrics/regression.ts';
