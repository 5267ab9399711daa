/**
 * Which parameters a search tries.
 */
import { error } from '../../lib/errors.ts';
import { isPlain } from '../../lib/options.ts';
import type { Random } from '../../lib/random.ts';
import type { EstimatorLike, ParametersOf } from './estimatorLike.ts';

/** A list of values for each parameter; those of a step of a pipeline by `step__name`. */
export type ParameterGrid<E extends EstimatorLike> = {
  readonly [Name in keyof ParametersOf<E>]?: readonly ParametersOf<E>[Name][];
} & { readonly [nested: `${string}__${string}`]: readonly unknown[] };

/** A list of values to choose from, or a function that draws one: `(random) => 10 ** (4 * random() - 2)`. */
export type Distribution<T> = readonly T[] | ((random: Random) => T);

/** A distribution for each parameter; those of a step of a pipeline by `step__name`. */
export type ParameterDistributions<E extends EstimatorLike> = {
  readonly [Name in keyof ParametersOf<E>]?: Distribution<ParametersOf<E>[Name]>;
} & { readonly [nested: `${string}__${string}`]: Distribution<unknown> };

/** Values by name, for `setParams`. */
export type Candidate = { readonly [name: string]: unknown };

/** All points of a grid, or of several one after the other: names sorted, the last one's values vary fastest. @throws BAD_OPTION */
export function gridPoints(grid: object | readonly object[]): Candidate[] {
  const grids = Array.isArray(grid) ? (grid as object[]) : [grid];
  if (grids.length === 0) throw empty('paramGrid', grid);
  return grids.flatMap((own) => {
    checkNames('paramGrid', own);
    let points: Candidate[] = [{}];
    for (const [name, values] of sortedEntries(own)) {
      if (!isFilledList(values)) throw empty(`paramGrid.${name}`, values);
      points = points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })));
    }
    return points;
  });
}

/**
 * So many points: different ones where all distributions are lists (all of them, with a warning, where there are no
 * more), else each drawn anew.
 *
 * @throws BAD_OPTION
 */
export function randomPoints(distributions: object, count: number, random: Random): Candidate[] {
  checkNames('paramDistributions', distributions);
  const entries = sortedEntries(distributions);
  for (const [name, values] of entries) {
    if (typeof values === 'function' || isFilledList(values)) continue;
    throw empty(`paramDistributions.${name}`, values);
  }
  const drawn = (): Candidate =>
    Object.fromEntries(entries.map(([name, values]) => [name, draw(values as Drawable, random)]));
  if (entries.some(([, values]) => typeof values === 'function')) {
    return Array.from({ length: count }, drawn);
  }
  const sizes = entries.map(([, values]) => (values as readonly unknown[]).length);
  const all = sizes.reduce((product, size) => product * size, 1);
  if (all <= count) {
    if (all < count) warnOfSmallGrid(count, all);
    return gridPoints(distributions);
  }
  return distinctPlaces(sizes, count, random).map((places) =>
    Object.fromEntries(
      entries.map(([name, values], i) => [name, (values as readonly unknown[])[places[i]!]]),
    ),
  );
}

type Drawable = readonly unknown[] | ((random: Random) => unknown);

function draw(values: Drawable, random: Random): unknown {
  return typeof values === 'function' ? values(random) : values[random.integer(values.length)];
}

/** Different points of a grid of these sizes, as places on each axis. */
function distinctPlaces(sizes: readonly number[], count: number, random: Random): number[][] {
  const seen = new Map<string, number[]>();
  while (seen.size < count) {
    const places = sizes.map((size) => random.integer(size));
    seen.set(places.join(), places);
  }
  return [...seen.values()];
}

function sortedEntries(object: object): [string, unknown][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** @throws BAD_OPTION */
function checkNames(what: string, given: unknown): void {
  if (typeof given === 'object' && given !== null && isPlain(given)) return;
  throw error('BAD_OPTION', {
    what,
    given,
    allowed: 'an object of lists by the names of parameters',
  });
}

function isFilledList(values: unknown): values is readonly unknown[] {
  return Array.isArray(values) && values.length > 0;
}

function empty(what: string, given: unknown): Error {
  return error('BAD_OPTION', { what, given, allowed: 'a list of one value or more' });
}

function warnOfSmallGrid(count: number, all: number): void {
  const details = { given: count, allowed: `at most the ${all} points that there are` };
  const remedy = 'all of them are tried';
  const { message, code } = error('BAD_OPTION', { what: 'nIter', ...details, remedy });
  process.emitWarning(message, { type: 'UserWarning', code });
}
