/** Every operation of random programs by name. */
import { arrays } from './arrays.ts';
import { bitwise } from './bitwise.ts';
import { hints } from './hints.ts';
import { pointwise } from './pointwise.ts';
import { products } from './products.ts';
import type { Makes } from './reader.ts';
import { realFunctions } from './real.ts';
import { reductions } from './reductions.ts';
import { reordering } from './reordering.ts';
import { selecting } from './selecting.ts';
import { tables } from './tables.ts';
import { wide } from './wide.ts';
import { windows } from './windows.ts';

/** Related operations, and how often one of them is a step; within a family all are equally likely. */
export const families: readonly { readonly makes: Makes; readonly weight: number }[] = [
  { makes: arrays, weight: 3 },
  { makes: bitwise, weight: 4 },
  { makes: hints, weight: 1 },
  { makes: pointwise, weight: 12 },
  { makes: products, weight: 2 },
  { makes: realFunctions, weight: 2 },
  { makes: reductions, weight: 4 },
  { makes: reordering, weight: 2 },
  { makes: selecting, weight: 2 },
  { makes: tables, weight: 1 },
  { makes: wide, weight: 4 },
  { makes: windows, weight: 1 },
];

export const operations: Makes = Object.assign({}, ...families.map(({ makes }) => makes));
