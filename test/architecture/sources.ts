/** The sources of Pawl and what they import, read as text. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
export const SOURCES = join(ROOT, 'src');

/** Every TypeScript file of a folder. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));

export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
  /** A dynamic import. */
  readonly whenNeeded: boolean;
}

/** Static imports and re-exports, and dynamic ones whose module is written out. */
export function importsOf(code: string): readonly Import[] {
  const found: Import[] = [];
  const withoutComments = code.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statement = /^\s*(?:import|export)\s+(type\s+)?(?:[\w$*{][^;'"]*?\sfrom\s+)?(['"])([^'"]+)\2/gm;
  for (const match of withoutComments.matchAll(statement)) {
    found.push({ from: match[3] ?? '', typeOnly: match[1] !== undefined, whenNeeded: false });
  }
  for (const match of withoutComments.matchAll(/\bimport\(\s*(['"`])([^'"`]+)\1/g)) {
    found.push({ from: match[2] ?? '', typeOnly: false, whenNeeded: true });
  }
  return found;
}
