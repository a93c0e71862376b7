/** How an attempt with Claude Code ended: decided from its result line, never from its exit status alone. Pure. */
import { AgentFailure, type AgentReport, type AgentRequest } from '../../../activities/ports/agent-port.ts';
import type { Permission } from '../../../domain/failures.ts';
import { clip, LIMITS } from '../../../domain/limits.ts';
import { MASKED } from '../../../domain/mask.ts';
import type { Usage } from '../../../domain/task-state.ts';
import type { Ending } from '../../programs/marked-program.ts';
import { reportOf } from '../agent-prompt.ts';
import { classOfStatus, isOverflow } from '../provider-errors.ts';
import type { ClaudeDenial, ClaudeResult } from './stream.ts';

export interface ClaudeSaid {
  readonly result?: ClaudeResult;
  /** The provider's last refusal that was told before a result. */
  readonly retryAfterMs?: number;
  /** What was printed last that is no line of the protocol. */
  readonly lastLine: string;
}

/** The report of a clear success. @throws AgentFailure for everything else */
export function outcomeOf(
  { result, retryAfterMs, lastLine }: ClaudeSaid,
  ending: Ending,
  permissions: AgentRequest['permissions'],
): AgentReport {
  if (result === undefined) throw endedWithout(ending, lastLine);
  const words = oneLine([result.result, ...result.errors].filter((part) => part !== '').join(' '));
  if (isOverflow(words) && result.is_error)
    throw new AgentFailure('context_overflow', words, statusOf(result));
  if (result.subtype === 'error_max_turns' || result.subtype.startsWith('error_max_budget'))
    throw new AgentFailure('invalid_output', `claude stopped at a limit of this attempt (${result.subtype})`);
  // An interrupt that comes early leaves a result, one that comes late leaves none.
  if (result.terminal_reason?.startsWith('aborted') === true)
    throw new AgentFailure('interrupted', 'claude was interrupted from outside');
  if (result.is_error) throw refusalOf(result, words, retryAfterMs);
  const [denied] = result.permission_denials;
  if (denied !== undefined && permissions === 'ask') {
    const { id, title } = permissionOf(denied);
    // A rule with a wildcard would allow more than was asked, one that is masked nothing: a person has to see to it otherwise.
    const permission = id.includes('*') || id.includes(MASKED) ? {} : { permission: { id, title } };
    throw new AgentFailure('permission', `claude may not do this without a person: ${title}`, permission);
  }
  return reportOf(result.result);
}

function refusalOf(result: ClaudeResult, words: string, retryAfterMs: number | undefined): AgentFailure {
  const status = result.api_error_status ?? undefined;
  const message = words === '' ? `claude failed (${result.terminal_reason ?? result.subtype})` : words;
  if (status === undefined) {
    const failureClass = result.terminal_reason === 'api_error' ? 'api_error' : 'unknown';
    return new AgentFailure(failureClass, message);
  }
  const after = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new AgentFailure(classOfStatus(status, words) ?? 'api_error', message, {
    ...statusOf(result),
    ...after,
  });
}

const statusOf = ({ api_error_status: status }: ClaudeResult) =>
  typeof status === 'number' ? { httpStatus: status } : {};

/** Exit 0 without a result is what an interrupt leaves. */
function endedWithout({ exitCode, signal }: Ending, lastLine: string): AgentFailure {
  const said = lastLine === '' ? '' : `: ${lastLine}`;
  if (signal !== null) return new AgentFailure('interrupted', `claude was ended by ${signal}${said}`);
  if (exitCode === 0 || (exitCode !== null && exitCode > 128))
    return new AgentFailure('interrupted', `claude ended without a result (exit ${exitCode})${said}`);
  return new AgentFailure('unknown', `claude ended with exit ${exitCode} and no result${said}`);
}

/** The id is the rule of Claude Code's that would allow exactly this. */
export function permissionOf({ tool_name: tool, tool_input: input }: ClaudeDenial): Permission {
  const { command, file_path: path, url } = input;
  if (tool === 'Bash' && typeof command === 'string')
    return { id: `Bash(${command})`, title: clip(`run ${command}`, LIMITS.noteCharsMax) };
  if (typeof path === 'string' && ['Write', 'Edit', 'Read'].includes(tool)) {
    const rule = tool === 'Read' ? 'Read' : 'Edit';
    return { id: `${rule}(/${path})`, title: clip(`${tool.toLowerCase()} ${path}`, LIMITS.noteCharsMax) };
  }
  if (tool === 'WebFetch' && typeof url === 'string' && URL.canParse(url))
    return {
      id: `WebFetch(domain:${new URL(url).hostname})`,
      title: clip(`fetch ${url}`, LIMITS.noteCharsMax),
    };
  return { id: tool, title: clip(`use ${tool} ${JSON.stringify(input)}`, LIMITS.noteCharsMax) };
}

/**
 * Which numbers of its usage are of the whole session: since 2.1.277 a run that resumes one goes on with the cost that its
 * last run had come to. One that tells no version is taken for a later one.
 */
export function countedBySession(version: string | undefined): readonly (keyof Usage)[] {
  const isBefore = version !== undefined && version.localeCompare('2.1.277', 'en', { numeric: true }) < 0;
  return isBefore ? [] : ['costUsd'];
}

export function usageOf({
  usage,
  total_cost_usd: costUsd,
  num_turns: turns,
}: ClaudeResult): Usage | undefined {
  if (usage === undefined) return undefined;
  return {
    inputTokens: usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens,
    cachedInputTokens: usage.cache_read_input_tokens,
    outputTokens: usage.output_tokens,
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(turns === undefined ? {} : { turns }),
  };
}

const oneLine = (text: string): string => clip(text.replace(/\s+/g, ' ').trim(), 500);
