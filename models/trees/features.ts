/**
 * Features of files.
 */
import { error } from '../../lib/errors.ts';

/** A column that splits may use. @throws BAD_MODEL for one that rows do not have */
export function checkedFeature(what: string, feature: number, features: number): number {
  if (feature < features) return feature;
  const given = `a split by feature ${feature}`;
  throw error('BAD_MODEL', { what, given, allowed: `features below ${features}` });
}

/** Names of features where a file has some for all, each another. */
export function namesOf(
  names: readonly string[],
  features: number,
): { readonly featureNamesIn?: readonly string[] } {
  const fits = names.length === features && new Set(names).size === features;
  return fits ? { featureNamesIn: names } : {};
}
