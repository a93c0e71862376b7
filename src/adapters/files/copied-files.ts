/**
 * What was copied into the workspace of a task, in a file of the home that only its user may read. By it the engine knows the
 * files again, whatever an agent does to them, and what to mask as long as the workspace is there.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readWhole, writeWhole } from './atomic-file.ts';
import { lenientlyParsed } from './env-file.ts';

const Kept = z.array(
  z.object({
    path: z.string(),
    /** In base64. */
    content: z.string(),
    /** Its blob in git; absent where the base has the same content under another name. */
    oid: z.string().optional(),
  }),
);

export interface CopiedFile {
  readonly path: string;
  readonly content: Buffer;
  readonly oid?: string;
}

/** @param file of the task. Nothing where nothing was copied. */
export async function readCopied(file: string): Promise<readonly CopiedFile[]> {
  const text = await readWhole(file);
  return text === undefined ? [] : parsed(text);
}

const parsed = (text: string): readonly CopiedFile[] =>
  Kept.parse(JSON.parse(text)).map(({ path, content, oid }) => ({
    path,
    content: Buffer.from(content, 'base64'),
    ...(oid === undefined ? {} : { oid }),
  }));

/** Idempotent. */
export async function keepCopied(file: string, files: readonly CopiedFile[]): Promise<void> {
  if (files.length === 0) return forgetCopied(file);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const kept = files.map((one) => ({ ...one, content: one.content.toString('base64') }));
  await writeWhole(file, JSON.stringify(kept));
}

export const forgetCopied = (file: string): Promise<void> => rm(file, { force: true });

const read = new Map<string, { readonly stamp: string; readonly values: readonly Value[] }>();
type Value = readonly [name: string, value: string];

/** Names and values that the copied files of all tasks may mean, whatever their form. Never throws. */
export function copiedValues(folder: string): readonly Value[] {
  const values: Value[] = [];
  const there = new Set<string>();
  for (const name of namesIn(folder)) {
    const file = join(folder, name);
    there.add(file);
    values.push(...valuesIn(file));
  }
  for (const file of read.keys()) if (dirname(file) === folder && !there.has(file)) read.delete(file);
  return values;
}

function namesIn(folder: string): readonly string[] {
  // Mostly, and looked at with each call: an error would take longer than the answer.
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return []; // it went this moment
  }
}

function valuesIn(file: string): readonly Value[] {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    const stamp = `${ino} ${mtimeMs} ${size}`;
    const before = read.get(file);
    if (before?.stamp === stamp) return before.values;
    const values = parsed(readFileSync(file, 'utf8')).flatMap(({ content }) =>
      valuesOf(content.toString('utf8')),
    );
    read.set(file, { stamp, values });
    return values;
  } catch {
    return []; // its task has ended this moment
  }
}

/** Values of lines `NAME=value`, texts in quotes, and whole lines: more rather than less. */
function valuesOf(text: string): readonly Value[] {
  const quoted = [...text.matchAll(/"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'/g)].map(
    ([, double, single]) => double ?? single ?? '',
  );
  const lines = text.split(/[\r\n]+/).filter((line) => !/^\s*#/.test(line));
  return [...lenientlyParsed(text), ...[...quoted, ...lines].map((value) => ['', value] as const)];
}
