/**
 * Where the steps of a pipeline run: each is a map that the model takes over, after what the client computes in clear.
 */
import type { Circuit, CompileOptions } from '../../lib/index.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import type { Estimator, Fitted } from '../estimator.ts';
import { composed, type FeatureMap, type MapKind } from '../featureMap.ts';
import type { Label } from '../input.ts';
import type { TableArray, TableLike } from '../preprocessing/table.ts';
import type { FitOptions } from '../preprocessing/transformer.ts';

/** Where a step runs: within the model's own integers, on the client before it quantizes, or on the server, encrypted. */
export interface Placement {
  /** The name of the step, those of steps within steps joined by two underscores. */
  readonly step: string;
  readonly runs: 'folded' | 'client' | 'server';
  readonly why: string;
}

/** Fitted transformers in two parts: map(client(X)) is what they make of X. */
export interface Factored {
  /** What the client computes; null: nothing. */
  readonly client: ((X: TableLike) => TableLike) | null;
  /** What the model takes over; null: nothing. */
  readonly map: FeatureMap | null;
  readonly placement: readonly Placement[];
}

/** What a step before the last must be. */
export interface TransformingStep extends Estimator<object, Fitted> {
  fit(X: TableLike, y?: unknown, options?: FitOptions): this;
  transform(X: TableLike): TableArray;
  inverseTransform?(X: TableLike): TableArray;
  getFeatureNamesOut?(inputFeatures?: readonly string[]): string[];
  featureMap?(kind: MapKind): FeatureMap | null;
  factored?(kind: MapKind | null, whyNot: string): Factored;
}

/** What the last step of a pipeline that predicts must be. */
export interface PredictingStep
  extends Estimator<object, Fitted & { readonly classes?: readonly Label[] }> {
  readonly circuit: Circuit;
  readonly folds?: MapKind | null;
  fit(X: Tensor | TableLike, y?: unknown, options?: FitOptions): this;
  folded?(map: FeatureMap, X: Tensor): object | null;
  compile(X?: TableLike | null, options?: CompileOptions): Promise<Circuit>;
}

const asFolded: Record<MapKind, string> = {
  affine: 'affine: it is in the weights of the model',
  monotone: 'increasing in each feature: it is in the thresholds of the model',
};

const asClient: Record<MapKind, string> = {
  affine: 'no affine map, and no other can go into weights',
  monotone:
    'no increasing function of each feature on its own, and no other can go into thresholds',
};

/** Whether a step transforms, a pipeline where its last step does. */
export function isTransforming(step: unknown): step is TransformingStep {
  return isObjectWith(step, 'transform') && (step as { predicts?: boolean }).predicts !== true;
}

/** Whether a step learns to predict, a pipeline where its last step does. */
export function isPredicting(step: unknown): step is PredictingStep {
  const predicts = isObjectWith(step, 'predict') && isObjectWith(step, 'fit');
  return predicts && (step as { predicts?: boolean }).predicts !== false;
}

/** Steps one after the other in front of a model that takes over maps of one kind; `whyNot`: why it takes over none. */
export function factorChain(
  steps: readonly (readonly [name: string, step: TransformingStep])[],
  kind: MapKind | null,
  whyNot: string,
): Factored {
  let map: FeatureMap | null = null;
  let wanted = kind;
  let reason = whyNot;
  const clients: NonNullable<Factored['client']>[] = [];
  const placement: Placement[] = [];
  for (const [name, step] of steps.toReversed()) {
    const part = factorStep(name, step, wanted, reason);
    placement.unshift(...part.placement);
    if (part.map !== null) map = map === null ? part.map : composed(map, part.map);
    if (part.client === null) continue;
    clients.unshift(part.client);
    wanted = null;
    reason = `before '${name}', which runs on the client`;
  }
  const client = (X: TableLike): TableLike => clients.reduce((rows, own) => own(rows), X);
  return { client: clients.length === 0 ? null : client, map, placement };
}

/** One step of such a chain. */
export function factorStep(
  name: string,
  step: TransformingStep,
  kind: MapKind | null,
  whyNot: string,
): Factored {
  if (step.factored !== undefined) {
    const part = step.factored(kind, whyNot);
    const placement = part.placement.map((own) => ({ ...own, step: `${name}__${own.step}` }));
    return { ...part, placement };
  }
  const map = kind === null ? null : (step.featureMap?.(kind) ?? null);
  if (map !== null) {
    return {
      client: null,
      map,
      placement: [{ step: name, runs: 'folded', why: asFolded[map.kind] }],
    };
  }
  const why = kind === null ? whyNot : asClient[kind];
  const client = (X: TableLike): TableLike => step.transform(X);
  return { client, map, placement: [{ step: name, runs: 'client', why }] };
}

function isObjectWith(step: unknown, method: string): boolean {
  return typeof step === 'object' && step !== null && method in step;
}
