/**
 * A call of a tool that goes on where the engine is away: made again after a while, in which the engine is brought back where
 * that can be done from here, until it is answered or the person has chosen what to do.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { PawlError } from '../../../domain/failures.ts';
import { parseInput } from '../../../domain/parse-input.ts';
import type { Delivery, Spool, SpooledCall } from '../../../domain/spooled-call.ts';
import { inputOf } from '../row-call.ts';
import { type Tool, type ToolContext, Unanswered } from '../tool.ts';
import { afterFailure, type FailureKind } from './after-failure.ts';
import { LOST, leftOut, queued, stopped, unasked } from './away-answers.ts';
import { type Away, askedBefore, choiceIn, nameOf, questionOf } from './choice.ts';
import { errorIn, kindOfCode, kindOfError } from './failure-kind.ts';

/** An engine that is started is waited for no longer: a client gives a call a minute. */
const START_MS_MAX = 30_000;

/** What an adapter has for when its engine is away. */
export interface AwayDeps {
  /** Before the second try of a call, the third, …; then the person is asked. */
  readonly delaysMs: readonly number[];
  /** Makes the engine be there, where it can be started from here. */
  readonly bringBack: () => Promise<unknown>;
  /** Finds it anew and sees that it answers, whatever a circuit breaker has counted. @throws PawlError `unavailable` */
  readonly lookAgain: () => Promise<void>;
  readonly spool: Spool;
  /** For a client whose user cannot be asked, skip is chosen. */
  readonly skipsUnasked: boolean;
}

export interface PersistentCall<B> {
  readonly row: Tool;
  /** As it came. */
  readonly input: unknown;
  readonly context: ToolContext;
  /** In which keys count. */
  readonly session: string;
  /** Names of the questions that were answered with this call. */
  readonly answered: readonly string[];
  /** A sentence for the person. */
  readonly tell: (sentence: string) => void;
  /** @throws PawlError where this caller may not use the tool: nobody is asked to choose then */
  readonly admit: (row: Tool) => Promise<void>;
  readonly act: (input: unknown) => Promise<CallToolResult | B>;
  readonly send: (call: SpooledCall) => Promise<Delivery>;
}

/**
 * Each try calls the tool from its beginning, so what it is about (an execution, a task) is read again before it goes on.
 * @throws what the tool throws; Unanswered where the person has to choose
 */
export async function callPersistently<B>(
  deps: AwayDeps,
  call: PersistentCall<B>,
): Promise<CallToolResult | B> {
  const { row, input, context, tell } = call;
  const before = askedBefore(call.answered);
  const { key, times } = before ?? { key: randomUUID(), times: 0 };
  const awayAfter = (tries: number, why: string): Away => ({
    ...{ tool: row.name, tries, why, isKept: isKept(row) },
  });
  if (before !== undefined && context.ask !== undefined) {
    const away = awayAfter(deps.delaysMs.length + 1, 'the engine does not answer');
    const choice = choiceIn(context.ask(nameOf(before), questionOf(away)));
    if (choice === 'stop') return stopped(away);
    if (choice === 'skip') return skipped(deps, call, away, key);
  }
  const failures: FailureKind[] = [];
  for (;;) {
    const isAgain = before !== undefined || failures.length > 0;
    const tried = await tryOnce(deps, call, withKey(row, input, key), isAgain);
    failures.push(tried.kind);
    const next = afterFailure(failures, deps.delaysMs);
    switch (next.act) {
      case 'answer':
        return tried.end();
      case 'wait':
        if (failures.length === 1 && tried.kind !== 'unknown_execution') tell(LOST);
        // What goes wrong with it the next try tells.
        await Promise.all([pause(next.ms, context.signal), inTime(deps.bringBack()).catch(() => undefined)]);
        break;
      case 'ask': {
        const away = awayAfter(failures.length, tried.why);
        // Throws, because nobody has answered this question yet.
        context.ask?.(nameOf({ key, times: times + 1 }), questionOf(away));
        return deps.skipsUnasked ? skipped(deps, call, away, key) : unasked(away);
      }
      default:
        return next satisfies never;
    }
  }
}

interface Tried<B> {
  readonly kind: FailureKind;
  readonly why: string;
  /** What the call came to: answers or throws it. */
  readonly end: () => CallToolResult | B;
}

async function tryOnce<B>(
  { lookAgain, spool }: AwayDeps,
  { row, admit, act, send, context: { signal } }: PersistentCall<B>,
  input: unknown,
  isAgain: boolean,
): Promise<Tried<B>> {
  try {
    if (isAgain) await inTime(lookAgain());
    await admit(row);
    // What was called before comes before.
    await spool.deliver(send, signal);
    const answer = await act(input);
    const { code, message } = errorIn(answer) ?? { code: '', message: '' };
    return { kind: kindOfCode(code), why: message, end: () => answer };
  } catch (error) {
    if (error instanceof Unanswered || signal.aborted) throw error;
    return {
      kind: kindOfError(error),
      why: error instanceof Error ? error.message : String(error),
      end: () => {
        throw error;
      },
    };
  }
}

/** @throws PawlError `invalid_input` for what the engine would never take */
async function skipped<B>(
  { spool, skipsUnasked }: AwayDeps,
  { row, input, context, session }: PersistentCall<B>,
  away: Away,
  key: string,
): Promise<CallToolResult> {
  if (!isKept(row))
    return skipsUnasked && context.ask === undefined ? unasked(away) : leftOut(away, whyNot(row));
  const { idempotency_key: own = key, ...values } = parseInput(row.name, inputOf(row), input);
  const { directory } = context;
  const kept = { tool: row.name, input: values, key: String(own), directory, session };
  return queued(row.name, kept.key, await spool.add(kept));
}

/** Only what changes something, is no decision, and whose answer is not what the next call begins with. */
const isKept = ({ keeps, scope, needsAnswer, speaksFor }: Tool): boolean =>
  keeps !== undefined && scope !== 'approve' && needsAnswer !== true && speaksFor === undefined;

function whyNot({ scope, hints }: Tool): string {
  if (scope === 'approve') return 'a decision is made on what is shown at that moment';
  return hints.readOnly ? 'it only looks' : 'what it answers is needed to go on';
}

/**
 * Under one key in all its tries it is done once, also where the engine died after it had acted. Not of a tool whose answer is
 * needed and that finds by its input alone what the same call has made.
 */
function withKey(row: Tool, input: unknown, key: string): unknown {
  const { keeps, hints } = row;
  if (keeps === undefined || (hints.idempotent && !isKept(row))) return input;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return 'idempotency_key' in input ? input : { ...input, idempotency_key: key };
}

/** A timer that is left when the client goes keeps no process. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false });

/** @throws PawlError `unavailable` where an engine that is started takes too long; it goes on starting */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = new PawlError('unavailable', `the engine does not answer after ${START_MS_MAX / 1_000} s`);
  const timer = setTimeout(() => reject(late), START_MS_MAX).unref();
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
