/**
 * One set-up at a time. A Node that has SQLite takes its exclusive transaction, which the kernel frees when the holder
 * dies. An older Node (it does nothing but provide a newer one) makes do with a file that names its process: should two
 * of those win at once after a kill, each works in a folder of its own and the last rename counts.
 */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 100;

/** Runs `work` while holding the lock at `path`. `onWait` is called once when another holds it. */
export async function withLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  const sqlite = await import('node:sqlite').catch(() => undefined);
  const take = sqlite === undefined ? () => takeFile(path) : () => takeDatabase(sqlite, path);
  let release = take();
  if (release === undefined) onWait?.();
  while (release === undefined) {
    await sleep(RETRY_MS);
    release = take();
  }
  try {
    return await work();
  } finally {
    release();
  }
}

function takeDatabase({ DatabaseSync }, path) {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    database.close();
    if (error.errcode === 5) return undefined;
    throw error;
  }
}

function takeFile(path) {
  const file = `${path}.pid`;
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    // A link appears with its content, so nobody ever reads a lock without a process in it.
    linkSync(own, file);
    return () => rmSync(file, { force: true });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!holderLives(file)) rmSync(file, { force: true });
    return undefined;
  } finally {
    rmSync(own, { force: true });
  }
}

function holderLives(file) {
  try {
    return process.kill(Number(readFileSync(file, 'utf8')), 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
