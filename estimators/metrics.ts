export { accuracyScore } from './metrics/accuracy.ts';
