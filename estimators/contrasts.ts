/**
 * Scores of classes without what all classes share, on which no label and no probability depends: of two classes one number,
 * the second score less the first; else each less the mean of all. It keeps integers small.
 */
export function contrast(scores: readonly number[]): number[] {
  if (scores.length === 2) return [scores[1]! - scores[0]!];
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return scores.map((score) => score - mean);
}

/** The same of coefficients: classes x columns to outputs x columns. */
export function contrasts(rows: readonly (readonly number[])[]): number[][] {
  const columns = rows[0]!.map((_, column) => contrast(rows.map((row) => row[column]!)));
  return columns[0]!.map((_, output) => columns.map((column) => column[output]!));
}
