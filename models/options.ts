/**
 * Options that readers of models share.
 */
import type { ClassifierOutput } from '../estimators/decider.ts';
import type { Label } from '../estimators/input.ts';
import { error } from '../lib/errors.ts';
import { checkOptions } from '../lib/options.ts';

/** What every reader of models of trees takes. */
export interface ReadOptions {
  /** As the parameter of classifiers: whether an encrypted run returns 'scores' (default) or the 'label' alone. */
  readonly output?: ClassifierOutput | undefined;
  /** Labels in the order of the classes of the file, which has none or others. Default: those of the file, else 0, 1, ... */
  readonly classes?: readonly Label[] | undefined;
}

/** @throws BAD_OPTION */
export function checkReadOptions(what: string, options: ReadOptions): void {
  checkOptions(what, options, ['output', 'classes']);
}

/** The labels of so many classes: those of the options, else those of the file. @throws BAD_OPTION */
export function labelsFor(
  what: string,
  { classes }: ReadOptions,
  own: readonly Label[],
): readonly Label[] {
  if (classes === undefined) return own;
  const isLabel = (label: unknown): boolean =>
    typeof label === typeof classes[0] && (typeof label === 'string' || Number.isFinite(label));
  const fits = Array.isArray(classes) && classes.length === own.length && classes.every(isLabel);
  if (fits && new Set(classes).size === classes.length) return [...classes];
  const allowed = `${own.length} different labels, all numbers or all texts`;
  throw error('BAD_OPTION', { what: `${what}: classes`, given: classes, allowed });
}

/** @throws BAD_OPTION for an option of classifiers that was given for a model of another kind */
export function checkNoClasses(what: string, { output, classes }: ReadOptions): void {
  const given = classes === undefined ? output : classes;
  if (given === undefined) return;
  const details = {
    what,
    given: 'output or classes',
    allowed: 'neither: the model is a regressor',
  };
  throw error('BAD_OPTION', details);
}
