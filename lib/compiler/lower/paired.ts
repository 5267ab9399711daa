/** Which terms of several sums can be components of one value. */
import { type Cell, type Form, formKey } from '../cells.ts';

export type Term = Form['terms'][number];

/**
 * The terms of several forms that stand together, one of each form: tables of one and the same sum, which some forms may lack
 * (null); or else one by one, where each form has as many. Null where they do not pair up.
 */
export function pairedTerms(
  cells: readonly Cell[],
  forms: readonly (readonly Term[])[],
): readonly (readonly (Term | null)[])[] | null {
  const tables = forms.length > 1 ? pairedTables(cells, forms) : null;
  if (tables !== null) return tables;
  const [first] = forms as readonly [readonly Term[]];
  if (forms.some((terms) => terms.length !== first.length)) return null;
  return first.map((_, t) => forms.map((terms) => terms[t] as Term));
}

/**
 * Null where a term is no table, where a form has two tables of one sum, or where forms lack most: what outputs have of
 * their own is not made to share a polynomial.
 */
function pairedTables(
  cells: readonly Cell[],
  forms: readonly (readonly Term[])[],
): (Term | null)[][] | null {
  const byIndex = new Map<string, (Term | null)[]>();
  for (const [i, terms] of forms.entries()) {
    for (const term of terms) {
      const cell = cells[term[0]] as Cell;
      if (cell.kind !== 'table') return null;
      const key = formKey(cell.index);
      const own = byIndex.get(key) ?? forms.map(() => null);
      if (own[i] !== null) return null;
      own[i] = term;
      byIndex.set(key, own);
    }
  }
  const paired = [...byIndex.values()];
  const lacks = paired.reduce((sum, own) => sum + own.filter((term) => term === null).length, 0);
  return 2 * lacks <= paired.length * forms.length ? paired : null;
}
