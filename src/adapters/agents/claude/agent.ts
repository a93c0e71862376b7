/**
 * The agent `claude`: Claude Code without a terminal. It gets its prompt on stdin and a session id made from the
 * attempt's token, so that an attempt that runs twice goes on with the same conversation instead of starting another.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent, AgentEvent, AgentRequest } from '../../../activities/ports/agent-port.ts';
import { clip, LIMITS } from '../../../domain/limits.ts';
import type { Command } from '../../../domain/task-spec.ts';
import type { Environment } from '../../programs/environment.ts';
import { missingProgram } from '../../programs/find-program.ts';
import { type AgentProgram, logOf, runAgentProgram } from '../agent-program.ts';
import { promptOf } from '../agent-prompt.ts';
import { retryAfterMsOf } from '../provider-errors.ts';
import { declaredArgs } from './declared-only.ts';
import { type ClaudeSaid, countedBySession, outcomeOf, usageOf } from './outcome.ts';
import { CLAUDE_KEYS, CLAUDE_NEEDS, CLAUDE_SETS } from './settings.ts';
import { blocksOf, type ClaudeBlock, type ClaudeLine, claudeLineOf, createDebugReader } from './stream.ts';

const INSTALL = 'npm install -g @anthropic-ai/claude-code';
// The log is its only way to tell when the provider wants to be asked again.
const SETS = { ...CLAUDE_SETS, ANTHROPIC_LOG: 'debug' };
/** Allowing by name works for root too, to whom Claude Code refuses its mode without permissions. */
const EVERY_TOOL = ['Bash', 'Edit', 'Write', 'Read', 'NotebookEdit', 'WebFetch', 'WebSearch'];
const LAST_LINE_CHARS_MAX = 300;
/** Fresh, then the session that is there already, then fresh where it is not. */
const STARTS_MAX = 3;

/** `environment` is where `problem` looks for the program and credentials; a run looks in its request's. */
export function createClaudeAgent({ environment }: { readonly environment: Environment }): Agent {
  return {
    name: 'claude',
    async problem(choice) {
      const command = choice.command ?? ['claude'];
      const missing = missingProgram(command, environment);
      if (missing !== undefined)
        return { ...missing, message: `agent claude: ${missing.message} (${INSTALL})` };
      if (CLAUDE_KEYS.some((name) => environment[name]) || signedIn(environment)) return undefined;
      return {
        message: 'agent claude: no credentials; set ANTHROPIC_API_KEY, or run `claude` once and log in',
        lacks: { variables: CLAUDE_KEYS },
      };
    },
    /**
     * Goes on with the attempt's session where Claude Code has it, else starts one.
     * @throws AgentFailure by its result line; the signal's reason when it aborted
     */
    async run(request, observe, signal) {
      const own = sessionOf(request.attempt.token);
      let start: Start = {
        id: request.attempt.session ?? own,
        resumed: request.attempt.session !== undefined,
      };
      for (let number = 1; ; number += 1) {
        const { said, ending } = await runOnce(request, start, observe, signal);
        const next = number < STARTS_MAX ? otherStart(said, start, own) : undefined;
        if (next === undefined) return outcomeOf(said, ending, request.permissions);
        start = next;
      }
    },
  };
}

interface Start {
  readonly id: string;
  readonly resumed: boolean;
}

/** A session id that tells nothing of the token: a UUID from its digest. */
export function sessionOf(token: string): string {
  const hex = createHash('sha256').update(`claude session of ${token}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** How to start instead, where Claude Code said that the session is there already, or is not. */
function otherStart(
  { result, lastLine }: ClaudeSaid,
  { id, resumed }: Start,
  own: string,
): Start | undefined {
  const words = [lastLine, result?.result ?? '', ...(result?.errors ?? [])].join('\n');
  if (!resumed && /Session ID \S+ is already in use/.test(words)) return { id, resumed: true };
  if (resumed && /No conversation found with session ID/.test(words)) return { id: own, resumed: false };
  return undefined;
}

async function runOnce(
  request: AgentRequest,
  start: Start,
  observe: (event: AgentEvent) => void,
  signal: AbortSignal,
) {
  const { hear, said } = createListener(observe);
  const allow = allowedBy(request);
  const settings =
    request.declaredOnly === true ? await declaredArgs(request, allow) : settingsAllowing(allow);
  const program = {
    command: commandOf(request, start, settings),
    needs: CLAUDE_NEEDS,
    sets: SETS,
    input: promptOf(request, start.resumed),
    lineCharsMax: LIMITS.protocolLineCharsMax,
    hear,
  };
  const ending = await runAgentProgram(request, program, observe, signal);
  return { said: said(), ending };
}

/** Turns what Claude Code prints into events, and keeps what decides about its end. */
function createListener(observe: (event: AgentEvent) => void) {
  let said: ClaudeSaid = { lastLine: '' };
  let version: string | undefined;
  const debug = createDebugReader();
  const heed = (line: ClaudeLine) => {
    if (line.type === 'assistant') {
      const events = blocksOf(line.message.content).flatMap(eventsOf);
      for (const event of events) observe(event);
    } else if (line.type === 'result') {
      said = { ...said, result: line };
      const usage = usageOf(line);
      if (usage !== undefined) observe({ type: 'usage', usage, ofSession: countedBySession(version) });
    } else if (line.subtype === 'init') {
      version = line.claude_code_version;
      if (line.session_id !== undefined) observe({ type: 'session', id: line.session_id });
    }
  };
  const hear: AgentProgram['hear'] = (text, stream) => {
    const debugged = debug(text);
    if (debugged !== undefined) {
      // Not into the log, which is for what the agent does.
      if (debugged.retryAfter === undefined) return;
      const retryAfterMs = retryAfterMsOf(debugged.retryAfter, Date.now());
      if (retryAfterMs !== undefined) said = { ...said, retryAfterMs };
      return;
    }
    observe(logOf(text, stream));
    const line = stream === 'stdout' ? claudeLineOf(text) : undefined;
    if (line !== undefined) heed(line);
    else if (text.trim() !== '' && !text.startsWith('{'))
      said = { ...said, lastLine: clip(text.trim(), LAST_LINE_CHARS_MAX) };
  };
  return { hear, said: () => said };
}

const allowedBy = ({ permissions, attempt }: AgentRequest): readonly string[] => [
  ...(permissions === 'allow' ? EVERY_TOOL : []),
  ...(attempt.granted ?? []),
];

/** As settings and not as --allowedTools: that one splits its values at commas and blanks. */
const settingsAllowing = (allow: readonly string[]): readonly string[] =>
  allow.length === 0 ? [] : ['--settings', JSON.stringify({ permissions: { allow } })];

function commandOf(
  { choice, limits, workspace, directory }: AgentRequest,
  { id, resumed }: Start,
  settings: readonly string[],
): Command {
  const flags = ['-p', '--output-format', 'stream-json', '--verbose', '--permission-mode', 'acceptEdits'];
  flags.push(resumed ? '--resume' : '--session-id', id);
  // It starts in a folder of the workspace, all of which it may change.
  if (directory !== undefined) flags.push('--add-dir', workspace);
  flags.push(...settings);
  if (choice.model !== undefined) flags.push('--model', choice.model);
  if (limits.turnsMax !== undefined) flags.push('--max-turns', String(limits.turnsMax));
  // Of this run alone, whatever the session had cost before.
  if (limits.costUsdMax !== undefined) flags.push('--max-budget-usd', String(limits.costUsdMax));
  return [...(choice.command ?? ['claude']), ...flags];
}

/** What one thing that the agent said or did means. Exported for its tests. */
export function eventsOf(block: ClaudeBlock): readonly AgentEvent[] {
  if (block.type === 'text') return [{ type: 'progress', text: clip(block.text, LIMITS.noteCharsMax) }];
  const { name, input } = block;
  const { file_path: path, todos } = input;
  if (name === 'TodoWrite' && Array.isArray(todos)) return [checkpointOf(todos)];
  const about = [input.command, path, input.pattern, input.description].find(
    (one) => typeof one === 'string',
  );
  const progress = {
    type: 'progress',
    text: clip(`${name} ${about ?? ''}`.trim(), LIMITS.noteCharsMax),
  } as const;
  const changes = (name === 'Write' || name === 'Edit') && typeof path === 'string';
  return changes ? [progress, { type: 'file', path }] : [progress];
}

function checkpointOf(todos: readonly unknown[]): AgentEvent {
  const named = (done: boolean) =>
    todos
      .flatMap((todo) => {
        if (typeof todo !== 'object' || todo === null || !('content' in todo) || !('status' in todo))
          return [];
        return (todo.status === 'completed') === done
          ? [clip(String(todo.content), LIMITS.checkpointItemCharsMax)]
          : [];
      })
      .slice(0, LIMITS.checkpointItemsMax);
  return { type: 'checkpoint', completed: named(true), next: named(false) };
}

function signedIn({ HOME, CLAUDE_CONFIG_DIR }: Environment): boolean {
  const folder = CLAUDE_CONFIG_DIR ?? (HOME === undefined ? undefined : join(HOME, '.claude'));
  // On macOS the credentials are in the keychain, which cannot be asked without a prompt.
  return (
    process.platform === 'darwin' || (folder !== undefined && existsSync(join(folder, '.credentials.json')))
  );
}
