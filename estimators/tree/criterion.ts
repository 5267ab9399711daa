/**
 * What splits are judged by: how impure the rows of a node are, and how much less so the two sides of a split.
 */

/**
 * The rows of one node on two sides of a split. `start` puts all on the right, `move` takes some to the left; the other
 * functions tell about the state in between.
 */
export interface Criterion {
  /** Takes up rows[start..end), all of them on the right, and tells about them together. */
  start(rows: Int32Array, start: number, end: number): NodeSummary;
  /** Puts all rows back on the right. */
  restart(): void;
  /** Moves sorted[from..to) to the left. */
  move(sorted: Int32Array, from: number, to: number): void;
  /** The weight of all rows. */
  weight(): number;
  /** The weight of those on the left. */
  leftWeight(): number;
  /**
   * What the split takes from weight x impurity: that of the node less those of both sides. -Infinity of a split that is
   * not allowed.
   */
  gain(): number;
  /** What each side would predict where that is one number: the share of the second of two classes, or the value. */
  sides(): readonly [left: number, right: number];
  /** Whether `minImpurityDecrease` bears on the gain itself, and not on its share of the weight of all rows. */
  readonly absoluteGain: boolean;
}

/** What a node is like before it is split. */
export interface NodeSummary {
  readonly weight: number;
  readonly impurity: number;
  /** Shares of classes, or the value of each output. */
  readonly value: number[];
}

/** Impurities below this are none. */
export const epsilon: number = Number.EPSILON;
