/**
 * A folder of calls that wait for the engine, a file each: `<number>.json` while it waits, and `<number>.done.json` once it was
 * sent, until somebody was told. A file appears whole or not at all, so a kill at any moment loses and repeats nothing.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { PawlError } from '../../domain/failures.ts';
import { LIMITS } from '../../domain/limits.ts';
import { Delivery, type Spool, SpooledCall } from '../../domain/spooled-call.ts';
import { readWhole, writeWhole } from './atomic-file.ts';
import { syncFolder } from './sync-folder.ts';
import { isCode } from './without-links.ts';

const WAITING = /^(\d{15}-[0-9a-f]{8})\.json$/;
const DONE = /^(\d{15}-[0-9a-f]{8})\.done\.json$/;
/** Left by a process that died while it wrote. One that is being written is younger. */
const DRAFT = /\.json\.[0-9a-f-]{36}$/;
const DRAFT_MS_MAX = 60_000;

export function createSpoolFolder(folder: string): Spool {
  const pathOf = (name: string) => join(folder, `${name}.json`);
  const donePathOf = (name: string) => join(folder, `${name}.done.json`);

  async function add(call: SpooledCall): Promise<number> {
    const text = `${JSON.stringify(call)}\n`;
    const before = namesIn(folder);
    await needRoom(before.waiting, text);
    const name = nextName([...before.waiting, ...before.done].sort().at(-1));
    try {
      // The folder that is made first has to be there after a crash as well.
      const made = await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeWhole(pathOf(name), text, 'durable');
      if (made !== undefined) await syncFolder(dirname(made));
    } catch (error) {
      throw new PawlError('unavailable', `the call could not be kept in ${folder}: ${reasonOf(error)}`, {
        cause: error,
      });
    }
    return namesIn(folder).waiting.indexOf(name) + 1 || 1;
  }

  async function needRoom(waiting: readonly string[], text: string): Promise<void> {
    const bytes = await Promise.all(waiting.map((name) => sizeOf(pathOf(name))));
    const all = bytes.reduce((sum, one) => sum + one, Buffer.byteLength(text));
    if (waiting.length < LIMITS.spooledCallsMax && all <= LIMITS.spooledBytesMax) return;
    throw new PawlError(
      'unavailable',
      `${waiting.length} calls wait for the engine in ${folder}, and no more are kept: this one was not`,
    );
  }

  async function settle(name: string, delivery: Delivery): Promise<void> {
    // In this order: between the two it is done, and is not sent again.
    await writeWhole(donePathOf(name), `${JSON.stringify(delivery)}\n`, 'durable');
    await rm(pathOf(name), { force: true });
  }

  async function deliver(send: (call: SpooledCall) => Promise<Delivery>, signal: AbortSignal): Promise<void> {
    if (namesIn(folder).waiting.length === 0) return;
    // Seldom needed, and it loads SQLite.
    const { lock } = await import('./file-lock.ts');
    const turn = await lock(join(folder, 'lock'), signal);
    try {
      for (;;) {
        const [name] = namesIn(folder).waiting;
        if (name === undefined) break;
        const call = await read(pathOf(name), SpooledCall);
        if (call !== undefined) await settle(name, await send(call));
      }
      await tidy(folder);
    } finally {
      turn.release();
    }
  }

  async function takeDeliveries(session: string): Promise<readonly Delivery[]> {
    const found: Delivery[] = [];
    for (const name of namesIn(folder).done) {
      const delivery = await read(donePathOf(name), Delivery);
      if (delivery?.session !== session) continue;
      // A kill may have left the call itself, which would wait again without this.
      await rm(pathOf(name), { force: true });
      // Of two adapters of one session one tells it.
      if (await isRemoved(donePathOf(name))) found.push(delivery);
    }
    return found;
  }

  return { add, deliver, takeDeliveries };
}

/** In order; a call that was sent waits no more, whatever a kill has left of it. */
function namesIn(folder: string): { readonly waiting: string[]; readonly done: string[] } {
  const names = filesIn(folder).sort();
  const named = (form: RegExp) => names.flatMap((name) => form.exec(name)?.[1] ?? []);
  const done = named(DONE);
  const isDone = new Set(done);
  return { waiting: named(WAITING).filter((name) => !isDone.has(name)), done };
}

/** Behind the last one, also where the clock was set back; the end keeps two that are added at once apart. */
function nextName(last: string | undefined): string {
  const number = Math.max(Date.now(), Number(last?.slice(0, 15) ?? 0) + 1);
  return `${String(number).padStart(15, '0')}-${randomBytes(4).toString('hex')}`;
}

/** What kills have left, and the oldest of what nobody was told. */
async function tidy(folder: string): Promise<void> {
  const names = filesIn(folder);
  const { done } = namesIn(folder);
  const isDone = new Set(done);
  const sent = names.filter((name) => isDone.has(WAITING.exec(name)?.[1] ?? ''));
  const untold = done.slice(0, -LIMITS.spooledCallsMax).map((name) => `${name}.done.json`);
  const old = Date.now() - DRAFT_MS_MAX;
  const drafts = names.filter((name) => DRAFT.test(name));
  const dead = await Promise.all(
    drafts.map(async (name) => ((await changedAt(join(folder, name))) < old ? [name] : [])),
  );
  for (const name of [...sent, ...untold, ...dead.flat()]) await rm(join(folder, name), { force: true });
}

/** Looked at twice with each call, and mostly not there: in this thread, because each way to another one makes the call wait. */
function filesIn(folder: string): string[] {
  try {
    return existsSync(folder) ? readdirSync(folder) : [];
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** undefined where another process took it meanwhile. */
async function read<T>(path: string, shape: z.ZodType<T>): Promise<T | undefined> {
  const text = await readWhole(path);
  if (text === undefined) return undefined;
  const found = shape.safeParse(jsonOf(text));
  if (found.success) return found.data;
  throw new PawlError('precondition', `${path} is damaged, and what is behind it waits: move it away`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON has no shape either.
    return undefined;
  }
}

async function isRemoved(path: string): Promise<boolean> {
  return rm(path).then(
    () => true,
    (error: unknown) => {
      if (isCode(error, 'ENOENT')) return false;
      throw error;
    },
  );
}

const sizeOf = (path: string): Promise<number> => stat(path).then(({ size }) => size, goneAs(0));
const changedAt = (path: string): Promise<number> => stat(path).then(({ mtimeMs }) => mtimeMs, goneAs(0));

const goneAs = (value: number) => (error: unknown) => {
  if (isCode(error, 'ENOENT')) return value;
  throw error;
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
