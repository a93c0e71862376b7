/** An engine that was seen to answer: that its process runs says nothing, because one that is stopped or hangs holds its home as well. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { silentEngine } from '../domain/silent-engine.ts';
import { look, Unreachable } from '../edge/http/exchange.ts';
import { createPooledFetch } from '../edge/http/pooled-fetch.ts';
import { ensureEngine, type Starting } from './background.ts';
import { type Endpoints, liveEndpoints } from './endpoints.ts';

/** As long as a call waits for an engine that does not even tell its health. */
const ANSWER_MS = 15_000;
const ASK_MS_MAX = 5_000;
const AGAIN_MS = 50;

interface Asking extends Starting {
  /** How long it may be silent, for tests. */
  readonly answerMs?: number;
}

/**
 * The home's engine, found or started as `ensureEngine` does it.
 * @throws PawlError `unavailable` naming the engine that holds the home and does not answer; as `ensureEngine`
 */
export async function answeringEngine(
  config: Config,
  onNotice: (line: string) => void,
  { answerMs = ANSWER_MS, ...starting }: Asking = {},
): Promise<Endpoints> {
  for (;;) {
    const found = await ensureEngine(config, onNotice, starting);
    if (await answers(found, config.home, answerMs, starting.signal)) return found;
  }
}

/** @returns false where it has ended meanwhile */
async function answers(
  engine: Endpoints,
  home: string,
  withinMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const giveUpAt = Date.now() + withinMs;
  const isThere = async () => (await liveEndpoints(home))?.pid === engine.pid;
  while (await isThere()) {
    signal?.throwIfAborted();
    const leftMs = giveUpAt - Date.now();
    if (leftMs <= 0) throw silentEngine(engine.pid);
    if (await answersIn(engine.api, Math.min(leftMs, ASK_MS_MAX), signal)) return true;
    await sleep(AGAIN_MS);
  }
  return false;
}

async function answersIn(api: string, ms: number, signal?: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.timeout(ms);
  try {
    const far = { api, token: '', fetch: createPooledFetch() };
    await look(far, signal ? AbortSignal.any([signal, limit]) : limit);
    return true;
  } catch (error) {
    if (error instanceof Unreachable) return false;
    throw error;
  }
}
