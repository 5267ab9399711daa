/**
 * Estimators by the names of their classes, so that those that hold others can be read from JSON.
 */
import { error } from '../lib/errors.ts';
import type { Estimator, EstimatorJson, Fitted } from './estimator.ts';

/** A class of estimators. */
export interface EstimatorClass {
  new (parameters?: never): Estimator<object, Fitted>;
  fromJSON(json: unknown): Estimator<object, Fitted>;
}

const classes = new Map<string, EstimatorClass>();

/** Makes a class known; each does it once, where it is defined. */
export function register(name: string, estimator: EstimatorClass): void {
  classes.set(name, estimator);
}

/** The estimator that `toJSON` described, whatever its class. @throws BAD_JSON, and as `fromJSON` of the class. */
export function estimatorFromJSON(json: unknown): Estimator<object, Fitted> {
  const name = (json as Partial<EstimatorJson> | null)?.estimator;
  const found = classes.get(String(name));
  if (found !== undefined) return found.fromJSON(json);
  const allowed = `toJSON() of ${[...classes.keys()].join(', ')}`;
  throw error('BAD_JSON', { what: 'estimator', given: name, allowed });
}
