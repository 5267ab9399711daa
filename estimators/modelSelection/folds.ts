/**
 * Cross validation: rows in parts, each of which is held out once.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import { createRandom } from '../../lib/random.ts';
import { type Label, type LabelsLike, readLabels } from '../input.ts';
import type { TableLike } from '../preprocessing/table.ts';
import { readRows } from './data.ts';

/** Rows to learn from and rows to judge by, both in rising order. */
export type Fold = readonly [train: Int32Array, test: Int32Array];

/** Whatever makes folds of data. */
export interface Splitter {
  split(X: TableLike, y: LabelsLike): readonly Fold[];
}

/** Options of `KFold` and `StratifiedKFold`, with scikit-learn's defaults. */
export interface FoldOptions {
  /** Number of parts, 2 or more. Default 5. */
  readonly nSplits?: number;
  /** Whether rows are dealt to the parts at random; otherwise in their order. Default false. */
  readonly shuffle?: boolean;
  /** Seed of the order, with `shuffle`. Default null: 0. */
  readonly randomState?: number | null;
}

/** Parts of consecutive rows, the first ones a row longer where the number of rows is no multiple. */
export class KFold implements Splitter {
  readonly #options: Required<FoldOptions>;

  /** @throws BAD_OPTION */
  constructor(options: FoldOptions = {}) {
    this.#options = completed('KFold', options);
  }

  /** The number of parts. */
  getNSplits(): number {
    return this.#options.nSplits;
  }

  /** One fold for each part. @throws BAD_OPTION for fewer rows than parts; SHAPE_MISMATCH */
  split(X: TableLike, _y?: LabelsLike): Fold[] {
    const { nSplits, shuffle, randomState } = this.#options;
    const rows = readRows(X).count;
    if (rows < nSplits) {
      const allowed = `at most ${rows}, the number of rows`;
      throw error('BAD_OPTION', { what: 'KFold: nSplits', given: nSplits, allowed });
    }
    const order = Int32Array.from({ length: rows }, (_, row) => row);
    if (shuffle) createRandom(randomState ?? 0).shuffle(order);
    const longer = rows % nSplits;
    const size = Math.floor(rows / nSplits);
    const partOf = new Int32Array(rows);
    order.forEach((row, i) => {
      const ofLonger = Math.floor(i / (size + 1));
      partOf[row] = ofLonger < longer ? ofLonger : Math.floor((i - longer) / size);
    });
    return foldsOf(partOf, nSplits);
  }
}

/** Parts that keep the shares of the classes, as closely as whole rows allow; each class in the order of its rows. */
export class StratifiedKFold implements Splitter {
  readonly #options: Required<FoldOptions>;

  /** @throws BAD_OPTION */
  constructor(options: FoldOptions = {}) {
    this.#options = completed('StratifiedKFold', options);
  }

  /** The number of parts. */
  getNSplits(): number {
    return this.#options.nSplits;
  }

  /**
   * One fold for each part. Warns where a class has fewer rows than there are parts.
   *
   * @throws BAD_OPTION where every class has; SHAPE_MISMATCH; BAD_LABELS
   */
  split(X: TableLike, y: LabelsLike): Fold[] {
    const { nSplits, shuffle, randomState } = this.#options;
    const rowsOf = rowsByClass(readLabels(y, 'y', readRows(X).count));
    checkCounts(rowsOf, nSplits);
    // All rows sorted by class are dealt out like cards: that says how many of each class a part gets.
    let dealt = 0;
    const counts = [...rowsOf.values()].map((rows) => {
      const own = new Int32Array(nSplits);
      for (const _ of rows) own[dealt++ % nSplits]! += 1;
      return own;
    });
    const random = createRandom(randomState ?? 0);
    const partOf = new Int32Array(dealt);
    [...rowsOf.values()].forEach((rows, index) => {
      const parts = Array.from(counts[index]!, (count, part) => Array<number>(count).fill(part));
      const dealing = parts.flat();
      if (shuffle) random.shuffle(dealing);
      rows.forEach((row, i) => {
        partOf[row] = dealing[i]!;
      });
    });
    return foldsOf(partOf, nSplits);
  }
}

/** The rows of each class, in the order of appearance. */
function rowsByClass(labels: readonly Label[]): Map<Label, number[]> {
  const rows = new Map<Label, number[]>();
  labels.forEach((label, row) => {
    const own = rows.get(label);
    if (own) own.push(row);
    else rows.set(label, [row]);
  });
  return rows;
}

function foldsOf(partOf: Int32Array, nSplits: number): Fold[] {
  const rows = Int32Array.from(partOf.keys());
  return Array.from({ length: nSplits }, (_, part): Fold => {
    const own = (row: number): boolean => partOf[row] === part;
    return [rows.filter((row) => !own(row)), rows.filter(own)];
  });
}

/** @throws BAD_OPTION */
function checkCounts(rowsOf: ReadonlyMap<Label, readonly number[]>, nSplits: number): void {
  const counts = [...rowsOf].map(([label, rows]) => ({ label, count: rows.length }));
  const most = Math.max(...counts.map(({ count }) => count));
  if (nSplits > most) {
    const allowed = `at most ${most}, the rows of the largest class`;
    throw error('BAD_OPTION', { what: 'StratifiedKFold: nSplits', given: nSplits, allowed });
  }
  const rare = counts.find(({ count }) => count < nSplits);
  if (rare === undefined) return;
  const { message, code } = error('BAD_LABELS', {
    what: 'StratifiedKFold',
    given: `${rare.count} rows of class ${rare.label}`,
    allowed: `${nSplits}, one a part`,
    remedy: 'lower nSplits, or give more rows of it',
  });
  process.emitWarning(message, { type: 'UserWarning', code });
}

/** @throws BAD_OPTION */
function completed(what: string, options: FoldOptions): Required<FoldOptions> {
  checkOptions(what, options, ['nSplits', 'shuffle', 'randomState']);
  const { nSplits = 5, shuffle = false, randomState = null } = options;
  if (!Number.isSafeInteger(nSplits) || nSplits < 2) {
    const details = { given: nSplits, allowed: 'an integer >= 2' };
    throw error('BAD_OPTION', { what: `${what}: nSplits`, ...details });
  }
  if (randomState !== null && !Number.isSafeInteger(randomState)) {
    const details = { given: randomState, allowed: 'an integer, or null' };
    throw error('BAD_OPTION', { what: `${what}: randomState`, ...details });
  }
  if (randomState !== null && !shuffle) {
    const details = { given: randomState, allowed: 'null, or shuffle: true' };
    throw error('BAD_OPTION', { what: `${what}: randomState`, ...details });
  }
  return { nSplits, shuffle, randomState };
}
