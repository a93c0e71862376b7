/** Small JSON documents under names, a file each: what is neither Temporal's nor big. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { DocumentStore } from '../../domain/documents.ts';
import { PawlError } from '../../domain/failures.ts';
import { readWhole, writeWhole } from './atomic-file.ts';
import { isCode } from './without-links.ts';

/**
 * @param folder made when the first document is put; names have to be safe words
 * @param onDamaged hears of each file that a list leaves out because it is damaged; without it such a list fails
 */
export function createDocumentStore<T>(
  folder: string,
  shape: z.ZodType<T>,
  onDamaged?: (why: string) => void,
): DocumentStore<T> {
  const pathOf = (name: string): string => {
    if (!/^[a-z0-9-]{1,100}$/.test(name)) throw new TypeError(`no name of a document: ${name}`);
    return join(folder, `${name}.json`);
  };
  const parsed = (name: string, text: string | undefined): T | undefined => {
    if (text === undefined) return undefined;
    const found = shape.safeParse(jsonOf(text));
    if (found.success) return found.data;
    throw new PawlError(
      'internal',
      `${pathOf(name)} is damaged: ${found.error.issues[0]?.message}; move it away`,
    );
  };
  return {
    read: async (name) => parsed(name, readHere(pathOf(name))),
    async put(name, value) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeWhole(pathOf(name), `${JSON.stringify(value)}\n`, 'durable');
    },
    remove: (name) => rm(pathOf(name), { force: true }),
    async list() {
      const names = (await namesIn(folder)).filter((name) => name.endsWith('.json'));
      const found = await Promise.all(names.map((name) => readListed(name.slice(0, -'.json'.length))));
      return found.filter((one) => one !== undefined);
    },
  };

  async function readListed(name: string): Promise<T | undefined> {
    try {
      return parsed(name, await readWhole(pathOf(name)));
    } catch (error) {
      if (onDamaged === undefined || !(error instanceof Error)) throw error;
      onDamaged(error.message);
      return undefined;
    }
  }
}

/**
 * One that a call waits for, in this thread: it is small, or mostly not there at all, and to hand it to another thread and back,
 * as is done for a list of many, takes longer.
 */
function readHere(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON has no shape either.
    return undefined;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}
