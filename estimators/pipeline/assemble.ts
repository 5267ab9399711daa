/**
 * A fitted pipeline made ready: what the client computes, and the model that has taken over the rest.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import type { Estimator, Fitted } from '../estimator.ts';
import type { MapKind } from '../featureMap.ts';
import { numbersOf, readTable, type TableLike } from '../preprocessing/table.ts';
import {
  type Factored,
  factorChain,
  isPredicting,
  isTransforming,
  type Placement,
  type PredictingStep,
  type TransformingStep,
} from './factor.ts';
import { revived } from './parts.ts';

/** A step: an estimator, or 'passthrough' for none. */
export type PipelineStep = Estimator<object, Fitted> | 'passthrough';

/** Named steps: transformers, and at the end a model or one more transformer. */
export type Steps = readonly (readonly [name: string, step: PipelineStep])[];

/** Where the steps of a fitted pipeline run. */
export interface Placed {
  readonly placement: readonly Placement[];
  /**
   * Learned state of the model on what the client sends: the last step's, with what was folded into it. null of a
   * pipeline that ends in a transformer.
   */
  readonly model: object | null;
}

/** What a fitted pipeline works with. */
export interface Assembled {
  readonly steps: Steps;
  readonly client: Factored['client'];
  readonly predictor: PredictingStep | null;
}

/** All steps that transform, of a pipeline that ends in one; else all but the last. */
export function transformers(steps: Steps): readonly (readonly [string, TransformingStep])[] {
  const last = steps.at(-1)?.[1];
  const own = isPredicting(last) ? steps.slice(0, -1) : steps;
  return own.filter((entry): entry is [string, TransformingStep & PipelineStep] =>
    isTransforming(entry[1]),
  );
}

/** Where the fitted steps run, and the model that has taken over what is folded. */
export function placed(steps: Steps, last: PredictingStep, raw: TableLike): Placed {
  const server: Placement = { step: steps.at(-1)![0], runs: 'server', why: 'the model itself' };
  const chain = chainOf(steps, last.folds ?? null, `${last.name} takes over no transformer`);
  if (chain.map !== null) {
    const rows = forModel(chain.client === null ? raw : chain.client(raw));
    const model = last.folded?.(chain.map, rows) ?? null;
    if (model !== null) return { placement: [...chain.placement, server], model };
  }
  const reason =
    chain.map === null ? chain : chainOf(steps, null, `${last.name} cannot take it over`);
  return { placement: [...reason.placement, server], model: last.fitted };
}

/** Steps of a fitted pipeline, ready to run. */
export function assembled(steps: Steps, { placement, model }: Placed, circuit: unknown): Assembled {
  if (model === null) return { steps, client: null, predictor: null };
  const last = steps.at(-1)![1] as PredictingStep;
  const folds = placement.some(({ runs }) => runs === 'folded');
  const { client } = chainOf(steps, folds ? (last.folds ?? null) : null, '');
  const predictor = revived({ ...last.toJSON(), fitted: model, circuit }) as PredictingStep;
  return { steps, client, predictor };
}

/** Rows as models take them. @throws BAD_ARRAY for a text, with row and column. */
export function forModel(rows: TableLike, what = 'X'): Tensor {
  return numbersOf(readTable(rows, what), what, true);
}

function chainOf(steps: Steps, kind: MapKind | null, whyNot: string): Factored {
  return factorChain(transformers(steps), kind, whyNot);
}
