/** A small file that is always whole: a reader sees the old text or the new one, also after a kill at any moment. */
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './sync-folder.ts';
import { isCode } from './without-links.ts';

/** Its text, or undefined when there is none. Read at once, for the reason of `kindOf`. */
export async function readWhole(path: string): Promise<string | undefined> {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/**
 * Several writers at once are fine: one of their texts stays. A `durable` one also survives the machine's crash; any other is written
 * at once, for the reason of `kindOf`.
 */
export async function writeWhole(path: string, text: string, how?: 'durable'): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
    if (how === 'durable') await syncFile(draft);
    renameSync(draft, path);
    if (how === 'durable') await syncFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync().finally(() => file.close());
}
