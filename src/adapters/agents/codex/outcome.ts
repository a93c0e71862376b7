/** How an attempt with Codex ended: decided from its turn and the provider's answers, never from its exit status alone. Pure. */
import { AgentFailure, type AgentReport } from '../../../activities/ports/agent-port.ts';
import { clip } from '../../../domain/limits.ts';
import type { Ending } from '../../programs/marked-program.ts';
import { reportOf } from '../agent-prompt.ts';
import { classOfStatus, isOverflow } from '../provider-errors.ts';
import type { ProviderAnswer } from './stream.ts';

export interface CodexSaid {
  /** A thread means that it has begun to work. */
  readonly thread?: string;
  readonly completed?: boolean;
  /** Why the turn failed, in Codex's words. */
  readonly failed?: string;
  readonly lastMessage: string;
  /** The provider's last answer. */
  readonly answer?: ProviderAnswer;
  /** What was printed last that is no line of the protocol. */
  readonly lastLine: string;
}

/** Codex's own words for a conversation that is full; the provider's are in `agents/provider-errors.ts`. */
const FULL = /ran out of room in the model's context window/i;
const STATUS_IN_WORDS = /\bstatus:? (\d{3})\b/;

/** The report of a completed turn. @throws AgentFailure for everything else */
export function outcomeOf(said: CodexSaid, ending: Ending): AgentReport {
  if (said.completed === true) return reportOf(said.lastMessage);
  if (said.failed !== undefined) throw failureOf(said.failed, said.answer);
  throw endedWithout(said, ending);
}

function failureOf(words: string, answer: ProviderAnswer | undefined): AgentFailure {
  const message = clip(words.replace(/\s+/g, ' ').trim(), 500);
  const inWords = STATUS_IN_WORDS.exec(words)?.[1];
  const refused = answer !== undefined && answer.status >= 400 ? answer : undefined;
  const status = refused?.status ?? (inWords === undefined ? undefined : Number(inWords));
  const facts = {
    ...(status === undefined ? {} : { httpStatus: status }),
    ...(refused?.retryAfterMs === undefined ? {} : { retryAfterMs: refused.retryAfterMs }),
  };
  if (FULL.test(words) || isOverflow(words)) return new AgentFailure('context_overflow', message, facts);
  const failureClass = status === undefined ? undefined : classOfStatus(status, words);
  // Without a refusal it was the connection: a stream that broke, a host that was not found.
  return new AgentFailure(failureClass ?? 'api_error', message, facts);
}

/** An interrupt leaves exit 1 and no end of the turn. */
function endedWithout({ thread, lastLine }: CodexSaid, { exitCode, signal }: Ending): AgentFailure {
  const said = lastLine === '' ? '' : `: ${lastLine}`;
  if (signal !== null) return new AgentFailure('interrupted', `codex was ended by ${signal}${said}`);
  if (thread === undefined)
    return new AgentFailure('setup_failed', `codex did not begin (exit ${exitCode})${said}`);
  return new AgentFailure('interrupted', `codex ended in the middle of its turn (exit ${exitCode})${said}`);
}
