/**
 * Methods of traced values, each the function of the same name. The user's own functions, and what tells the compiler more.
 */
import * as elementwise from '../ops/elementwise.ts';
import * as hints from '../ops/hint.ts';
import type { LookupTable } from '../ops/table.ts';
import type { Traced } from '../value.ts';
import { BitMethods } from './bitwise.ts';

/** Functions of one element, and hints. */
export class MapMethods extends BitMethods {
  /** Any function of one element, or a table: `x.map((v) => v ** 2 % 7)`. See `map`. */
  map(
    this: Traced,
    f: elementwise.ElementFunction | LookupTable,
    options: elementwise.MapOptions = {},
  ): Traced {
    return elementwise.map<Traced>(f, this, options);
  }

  /** x, with the promise that every element is in a range. See `hint`. */
  hint(this: Traced, range: hints.RangeHint): Traced {
    return hints.hint<Traced>(this, range);
  }

  /** x, computed by a bootstrapped lookup. See `refresh`. */
  refresh(this: Traced): Traced {
    return hints.refresh<Traced>(this);
  }
}
