import test from 'ava';
import { UniqueTable } from '../../../lib/compiler/lower/unique-table.ts';
import { createRandom } from '../../../lib/random.ts';

test('a table that forgot its last triples is what it was before them', (t) => {
  const random = createRandom(1);
  const triple = () => [random.integer(9), random.integer(99), random.integer(99)] as const;
  const number = (table: UniqueTable, [a, b, c]: ReturnType<typeof triple>) =>
    table.numberOf(a, b, c, Number.POSITIVE_INFINITY);
  const [table, fresh] = [new UniqueTable(), new UniqueTable()];
  for (let round = 0; round < 20; round++) {
    // Some rounds grow the table between what it keeps and what it forgets.
    for (let i = 0; i < 300; i++) {
      const kept = triple();
      t.is(number(table, kept), number(fresh, kept));
    }
    const { size } = table;
    const forgotten = random.integer(3000);
    for (let i = 0; i < forgotten; i++) number(table, triple());
    table.truncate(size);
    t.is(table.size, size);
    for (let id = 0; id < size; id++) {
      const known = [table.first(id), table.second(id), table.third(id)] as const;
      t.is(number(table, known), id);
    }
  }
});
