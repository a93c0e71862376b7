/**
 * The agent `codex`: Codex without a terminal, in its own sandbox for the workspace. With a key in the environment its
 * provider is set up here, because only so its own retries can be switched off; a login of the user's is used as it is.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent, AgentEvent, AgentRequest } from '../../../activities/ports/agent-port.ts';
import { clip, LIMITS } from '../../../domain/limits.ts';
import type { Command } from '../../../domain/task-spec.ts';
import type { Usage } from '../../../domain/task-state.ts';
import type { Environment } from '../../programs/environment.ts';
import { missingProgram } from '../../programs/find-program.ts';
import { type AgentProgram, logOf, runAgentProgram } from '../agent-program.ts';
import { promptOf } from '../agent-prompt.ts';
import { codexFolder, declaredHome } from './declared-only.ts';
import { type CodexSaid, outcomeOf } from './outcome.ts';
import {
  CODEX_KEYS,
  CODEX_NEEDS,
  codexKeyIn,
  providerSettings,
  sandboxFor,
  settingsAsArgs,
  writableSettings,
} from './settings.ts';
import {
  ANSWERS_IN_LOG,
  type CodexItem,
  type CodexLine,
  codexItemOf,
  codexLineOf,
  providerAnswerOf,
} from './stream.ts';

const INSTALL = 'npm install -g @openai/codex';
const SETS = { RUST_LOG: ANSWERS_IN_LOG };
const LAST_LINE_CHARS_MAX = 300;
const COUNTED_BY_THREAD = ['inputTokens', 'cachedInputTokens', 'outputTokens'] as const;

/** `environment` is where `problem` looks for the program and credentials; a run looks in its request's. */
export function createCodexAgent({ environment }: { readonly environment: Environment }): Agent {
  return {
    name: 'codex',
    async problem({ command = ['codex'] }) {
      const missing = missingProgram(command, environment);
      if (missing !== undefined)
        return { ...missing, message: `agent codex: ${missing.message} (${INSTALL})` };
      if (codexKeyIn(environment) !== undefined || isSignedIn(environment)) return undefined;
      return {
        message: 'agent codex: no credentials; set OPENAI_API_KEY, or run `codex login`',
        lacks: { variables: CODEX_KEYS },
      };
    },
    /**
     * Goes on with the attempt's session where Codex has it, else starts one.
     * @throws AgentFailure by its turn; the signal's reason when it aborted
     */
    async run(request, observe, signal) {
      const { session } = request.attempt;
      const first = await runOnce(request, session, observe, signal);
      if (session === undefined || !isUnknownSession(first.said)) return outcomeOf(first.said, first.ending);
      const fresh = await runOnce(request, undefined, observe, signal);
      return outcomeOf(fresh.said, fresh.ending);
    },
  };
}

const isUnknownSession = ({ thread, lastLine }: CodexSaid): boolean =>
  thread === undefined && /no rollout found/i.test(lastLine);

async function runOnce(
  request: AgentRequest,
  session: string | undefined,
  observe: (event: AgentEvent) => void,
  signal: AbortSignal,
) {
  const { hear, said } = createListener(observe);
  const program = {
    command: commandOf(request, session),
    needs: CODEX_NEEDS,
    sets: { ...SETS, ...(request.declaredOnly === true ? await declaredHome(request) : {}) },
    input: promptOf(request, session !== undefined),
    lineCharsMax: LIMITS.protocolLineCharsMax,
    hear,
  };
  const ending = await runAgentProgram(request, program, observe, signal);
  return { said: said(), ending };
}

/** Turns what Codex prints into events, and keeps what decides about its end. */
function createListener(observe: (event: AgentEvent) => void) {
  let said: CodexSaid = { lastMessage: '', lastLine: '' };
  const heed = (line: CodexLine) => {
    switch (line.type) {
      case 'thread.started':
        said = { ...said, thread: line.thread_id };
        observe({ type: 'session', id: line.thread_id });
        break;
      case 'turn.failed':
        said = { ...said, failed: line.error.message };
        break;
      case 'turn.completed':
        said = { ...said, completed: true };
        // Of the whole thread, whichever run began it.
        if (line.usage !== undefined)
          observe({ type: 'usage', usage: usageOf(line.usage), ofSession: COUNTED_BY_THREAD });
        break;
      default: {
        const item = codexItemOf(line.item);
        if (item?.type === 'agent_message') said = { ...said, lastMessage: item.text };
        if (item !== undefined) for (const event of eventsOf(line.type, item)) observe(event);
      }
    }
  };
  const hear: AgentProgram['hear'] = (text, stream) => {
    const answer = stream === 'stderr' ? providerAnswerOf(text, Date.now()) : undefined;
    if (answer !== undefined) {
      // Not into the log: what a provider's headers hold is nobody's business.
      said = { ...said, answer };
      return;
    }
    observe(logOf(text, stream));
    const line = stream === 'stdout' ? codexLineOf(text) : undefined;
    if (line !== undefined) heed(line);
    else if (text.trim() !== '' && !text.startsWith('{'))
      said = { ...said, lastLine: clip(text.trim(), LAST_LINE_CHARS_MAX) };
  };
  return { hear, said: () => said };
}

const usageOf = (used: NonNullable<Extract<CodexLine, { type: 'turn.completed' }>['usage']>): Usage => ({
  inputTokens: used.input_tokens,
  cachedInputTokens: used.cached_input_tokens,
  outputTokens: used.output_tokens,
});

/** What one item means: commands are told when they begin, everything else when it is there. Exported for its tests. */
export function eventsOf(line: string, item: CodexItem): readonly AgentEvent[] {
  switch (item.type) {
    case 'agent_message':
      return line === 'item.completed' ? [progressOf(item.text)] : [];
    case 'command_execution':
      return line === 'item.started' ? [progressOf(item.command)] : [];
    case 'file_change':
      return line === 'item.completed' ? item.changes.map(({ path }) => ({ type: 'file', path })) : [];
    case 'todo_list': {
      const named = (done: boolean) =>
        item.items
          .filter(({ completed }) => completed === done)
          .slice(0, LIMITS.checkpointItemsMax)
          .map(({ text }) => clip(text, LIMITS.checkpointItemCharsMax));
      return [{ type: 'checkpoint', completed: named(true), next: named(false) }];
    }
    default:
      return item satisfies never;
  }
}

const progressOf = (text: string): AgentEvent => ({
  type: 'progress',
  text: clip(text, LIMITS.noteCharsMax),
});

function commandOf(request: AgentRequest, session: string | undefined): Command {
  const { choice, permissions, environment } = request;
  const settings = [
    `sandbox_mode=${JSON.stringify(sandboxFor(permissions))}`,
    'approval_policy="never"',
    ...writableSettings(request),
    ...providerSettings(environment),
  ];
  return [
    ...(choice.command ?? ['codex']),
    'exec',
    ...(session === undefined ? [] : ['resume', session]),
    '--json',
    '--skip-git-repo-check',
    ...settingsAsArgs(settings),
    ...(choice.model === undefined ? [] : ['-m', choice.model]),
    // The prompt comes on stdin: a text of any size and with any character is no argument.
    '-',
  ];
}

function isSignedIn(environment: Environment): boolean {
  const folder = codexFolder(environment);
  return folder !== undefined && existsSync(join(folder, 'auth.json'));
}
