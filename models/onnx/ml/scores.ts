/**
 * Steps of the client on the scores of a core, and labels of them.
 */
import type { FinishStep } from '../../imported/finish.ts';
import { unsupported } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import type { ScoresValue } from './values.ts';

/** Functions of each score on its own, and of one score for two. */
const elementwise: readonly FinishStep['kind'][] = [
  ...(['affine', 'logistic', 'exp', 'softplus', 'signedSquare', 'step'] as const),
];

/** The same scores after one more step. */
export function withStep(
  scores: ScoresValue,
  step: FinishStep,
  probabilities: boolean = scores.probabilities,
): ScoresValue {
  return { ...scores, finish: [...scores.finish, step], probabilities };
}

/** Scores divided by their sum: probabilities. */
export function shared(scores: ScoresValue): ScoresValue {
  return withStep(scores, { kind: 'shares' }, true);
}

/** factor * score + offset of each. */
export function affine(scores: ScoresValue, factor: number, offset: number): ScoresValue {
  return factor === 1 && offset === 0
    ? scores
    : withStep(scores, { kind: 'affine', factor, offset });
}

/** The number of scores after all steps. */
export function scoreCount({ outputs, finish }: ScoresValue): number {
  return finish.some(doubles) ? 2 : outputs.length;
}

/**
 * Whether the largest score after all steps is that of the largest before them; of a single score that becomes two, the second
 * where it is above 0.
 */
export function keepsDecision({ finish }: ScoresValue): boolean {
  // What 0 becomes.
  let border = 0;
  for (const step of finish) {
    switch (step.kind) {
      case 'affine':
        if (!(step.factor > 0)) return false;
        border = step.factor * border + step.offset;
        break;
      case 'logistic':
        border = 1 / (1 + Math.exp(-border));
        break;
      case 'opposite':
        if (border !== 0) return false;
        break;
      case 'complement':
        if (border !== 0.5) return false;
        break;
      case 'softmax':
      case 'shares':
        break;
      default:
        return false;
    }
  }
  return true;
}

/**
 * Some of the scores.
 *
 * @throws UNSUPPORTED_OPERATOR for scores that were computed together, such as a softmax
 */
export function selected(
  node: OnnxNode,
  scores: ScoresValue,
  columns: readonly number[],
): ScoresValue {
  const { outputs, finish } = scores;
  const split = finish.findIndex(doubles);
  const rest = finish.filter((step) => !doubles(step));
  if (!rest.every(({ kind }) => elementwise.includes(kind))) {
    throw unsupported(node, `${node.operator} of scores that depend on each other`);
  }
  if (split < 0) return { ...scores, outputs: columns.map((column) => outputs[column]!) };
  const [column] = columns as [number];
  if (columns.length !== 1) throw unsupported(node, `${node.operator} of both of two scores`);
  if (column === 1) return { ...scores, finish: rest };
  const first: FinishStep = {
    kind: 'affine',
    factor: -1,
    offset: finish[split]!.kind === 'complement' ? 1 : 0,
  };
  return { ...scores, finish: [...finish.slice(0, split), first, ...finish.slice(split + 1)] };
}

/** Scores side by side. @throws UNSUPPORTED_OPERATOR unless the client does the same to all of them, one by one */
export function joined(node: OnnxNode, all: readonly ScoresValue[]): ScoresValue {
  const [first] = all as [ScoresValue];
  const same = all.every(({ finish }) => JSON.stringify(finish) === JSON.stringify(first.finish));
  if (!same || !first.finish.every(({ kind }) => elementwise.includes(kind))) {
    throw unsupported(node, `${node.operator} of different scores`);
  }
  return { ...first, outputs: all.flatMap(({ outputs }) => outputs), probabilities: false };
}

function doubles({ kind }: FinishStep): boolean {
  return kind === 'complement' || kind === 'opposite';
}
