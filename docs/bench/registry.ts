import { readdirSync } from 'node:fs';
import type { Case } from './case.ts';

/** The cases of all files in cases/ whose names are wanted. */
export async function selectCases(isWanted: (name: string) => boolean): Promise<Case[]> {
  const folder = new URL('cases/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const modules = await Promise.all(
    files
      .sort()
      .map((file): Promise<{ cases: readonly Case[] }> => import(new URL(file, folder).href)),
  );
  return modules.flatMap(({ cases }) => cases).filter(({ name }) => isWanted(name));
}
