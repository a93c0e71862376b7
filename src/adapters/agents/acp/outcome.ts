/** How a turn with an agent of the Agent Client Protocol ended. Pure: decided from the protocol, then from the process. */
import { RequestError, type StopReason } from '@agentclientprotocol/sdk';
import { AgentFailure, type AgentReport } from '../../../activities/ports/agent-port.ts';
import type { Permission } from '../../../domain/failures.ts';
import { clip } from '../../../domain/limits.ts';
import type { Ending } from '../../programs/marked-program.ts';
import { reportOf } from '../agent-prompt.ts';
import { classOfStatus, isOverflow } from '../provider-errors.ts';

export interface AcpSaid {
  /** What a person has to decide before the session goes on. */
  readonly asked?: Permission;
  readonly stopReason?: StopReason;
  /** What a request to the agent was answered with instead of a result. */
  readonly refused?: unknown;
  readonly lastMessage: string;
  /** The last that was said on stderr. */
  readonly lastLine: string;
}

const AUTH_REQUIRED = -32_000;
const STATUS = /\b(?:(?:status(?: code)?|API Error|HTTP|code)["']?[: ]+|Request rejected \()\s*(\d{3})\b/i;

/** The report of a turn that was ended by the agent itself. @throws AgentFailure for everything else */
export function outcomeOf(name: string, said: AcpSaid, ending: Ending): AgentReport {
  const { asked, stopReason, refused, lastMessage } = said;
  if (asked !== undefined)
    throw new AgentFailure('permission', `${name} may not do this without a person: ${asked.title}`, {
      permission: asked,
    });
  if (stopReason === 'end_turn') return reportOf(lastMessage);
  if (stopReason === 'max_tokens') throw new AgentFailure('context_overflow', `${name} ran out of tokens`);
  if (stopReason === 'cancelled') throw new AgentFailure('interrupted', `${name} was interrupted`);
  if (stopReason !== undefined)
    throw new AgentFailure('invalid_output', `${name} stopped without being done (${stopReason})`);
  if (refused instanceof RequestError) throw refusalOf(name, refused, said.lastLine);
  const how = ending.signal === null ? `exit ${ending.exitCode}` : ending.signal;
  const words = said.lastLine === '' ? '' : `: ${said.lastLine}`;
  throw new AgentFailure('interrupted', `${name} ended in the middle of its turn (${how})${words}`);
}

/** A provider's status stands in the words or data of the error; each agent puts it elsewhere. */
function refusalOf(name: string, error: RequestError, lastLine: string): AgentFailure {
  const words = [error.message, error.data === undefined ? '' : JSON.stringify(error.data), lastLine].join(
    ' ',
  );
  const message = clip(
    `${name}: ${[error.message, detailsOf(error.data)].join(' ').replace(/\s+/g, ' ').trim()}`,
    500,
  );
  if (error.code === AUTH_REQUIRED) return new AgentFailure('auth', message);
  const status = statusOf(error, words);
  const facts = status === undefined ? {} : { httpStatus: status };
  if (isOverflow(words)) return new AgentFailure('context_overflow', message, facts);
  const failureClass = status === undefined ? undefined : classOfStatus(status, words);
  return new AgentFailure(failureClass ?? 'api_error', message, facts);
}

/** Some agents answer with the provider's status as the error's code. */
function statusOf({ code }: RequestError, words: string): number | undefined {
  if (code >= 400 && code < 600) return code;
  const found = STATUS.exec(words)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Agents put what their provider said beside an "Internal error". */
function detailsOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  return 'details' in data ? String(data.details) : 'message' in data ? String(data.message) : '';
}
