/**
 * Estimators that are made of named others: parameters of parts as `name__parameter`, copies, and JSON.
 */
import { error } from '../../lib/errors.ts';
import { Estimator, type EstimatorJson, type Fitted } from '../estimator.ts';
import { estimatorFromJSON } from '../registry.ts';

/** A named part, first its name and then an estimator, or a word that stands for one; what follows stays as it is. */
export type Part = readonly [name: string, part: unknown, ...rest: readonly unknown[]];

/** The parts by their names, and the parameters of those that are estimators as `name__parameter`. */
export function nestedParams(parts: readonly Part[]): Record<string, unknown> {
  const entries = listOf(parts).flatMap(([name, part]) => {
    const own: [string, unknown][] = [[name, part]];
    if (!isEstimator(part)) return own;
    const inner = Object.entries(part.getParams()) as [string, unknown][];
    return [...own, ...inner.map(([key, value]): [string, unknown] => [`${name}__${key}`, value])];
  });
  return Object.fromEntries(entries);
}

/**
 * Parts after a change of parameters: `name` replaces a part, `name__parameter` changes a copy of it. The parts that were
 * given stay as they are.
 *
 * @throws BAD_OPTION for a name that is neither, and as `setParams` of the part.
 */
export function changedParts<T extends Part>(
  what: string,
  own: readonly string[],
  parts: readonly T[],
  changes: Readonly<Record<string, unknown>>,
): T[] {
  let changed = listOf(parts) as T[];
  const replace = (name: string, of: (part: unknown) => unknown): void => {
    changed = changed.map((entry) =>
      entry[0] === name ? ([name, of(entry[1]), ...entry.slice(2)] as unknown as T) : entry,
    );
  };
  // Parts first: parameters may be those of a part that is changed in the same call.
  const inOrder = Object.entries(changes).sort(
    ([a], [b]) => Number(a.includes('__')) - Number(b.includes('__')),
  );
  for (const [key, value] of inOrder) {
    const [name, ...rest] = key.split('__') as [string, ...string[]];
    const part = changed.find((entry) => entry[0] === name)?.[1];
    if (part !== undefined && rest.length === 0) {
      replace(name, () => value);
    } else if (isEstimator(part)) {
      replace(name, () => copyOf(part).setParams({ [rest.join('__')]: value }));
    } else {
      const names = [...own, ...changed.map((entry) => entry[0])].join(', ');
      const allowed = `${names}; parameters of a part as name__parameter`;
      throw error('BAD_OPTION', { what, given: key, allowed });
    }
  }
  return changed;
}

/** Parts with copies of their estimators, not fitted. */
export function clonedParts<T extends Part>(parts: readonly T[]): T[] {
  return mapped(parts, (part) => (isEstimator(part) ? copyOf(part) : part));
}

/** Parts with JSON in the place of estimators. */
export function partsToJson<T extends Part>(parts: readonly T[]): T[] {
  return mapped(parts, (part) => (isEstimator(part) ? part.toJSON() : part));
}

/** Parts with estimators in the place of JSON. @throws BAD_JSON */
export function revivedParts<T extends Part>(parts: readonly T[]): T[] {
  return mapped(parts, revived);
}

/** The estimator that JSON stands for; anything else as it is. @throws BAD_JSON */
export function revived(part: unknown): unknown {
  const isJson = (part as Partial<EstimatorJson> | null)?.format === 'blindfit-estimator';
  return isJson && !isEstimator(part) ? estimatorFromJSON(part) : part;
}

/** Whether names may be those of parts: texts, different ones, none with two underscores or that of a parameter. */
export function areNames(names: readonly unknown[], own: readonly string[]): boolean {
  const fits = (name: unknown): boolean =>
    typeof name === 'string' && name !== '' && !name.includes('__') && !own.includes(name);
  return names.every(fits) && new Set(names).size === names.length;
}

/** Tells estimators from the words that may stand for them. */
export function isEstimator(part: unknown): part is Estimator<object, Fitted> {
  return part instanceof Estimator;
}

function copyOf(part: Estimator<object, Fitted>): Estimator<object, Fitted> {
  return part.clone();
}

function mapped<T extends Part>(parts: readonly T[], of: (part: unknown) => unknown): T[] {
  // What is no list of parts is kept as it is, for `fit` to refuse.
  if (!Array.isArray(parts)) return parts as unknown as T[];
  return listOf(parts).map(([name, part, ...rest]) => [name, of(part), ...rest] as unknown as T);
}

/** The parts that have the form of one; `fit` refuses others. */
function listOf<T extends Part>(parts: readonly T[]): readonly T[] {
  return Array.isArray(parts) ? (parts as readonly T[]).filter((one) => Array.isArray(one)) : [];
}
