/**
 * Agents that speak the Agent Client Protocol: a row each for those that are known, and `acp` for a program of the
 * user's. Their process serves one attempt; a session goes on in another one where the agent can load it.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import * as acp from '@agentclientprotocol/sdk';
import type { Agent, AgentEvent, AgentRequest } from '../../../activities/ports/agent-port.ts';
import type { Problem } from '../../../domain/lacks.ts';
import { clip } from '../../../domain/limits.ts';
import type { AgentChoice, Command } from '../../../domain/task-spec.ts';
import type { Environment } from '../../programs/environment.ts';
import { missingProgram } from '../../programs/find-program.ts';
import { logOf, runAgentProgram } from '../agent-program.ts';
import { promptOf } from '../agent-prompt.ts';
import { type AcpKind, type DeclaredOnly, KINDS } from './kinds.ts';
import { type AcpSaid, outcomeOf } from './outcome.ts';
import { verdictOn } from './permission.ts';
import { createTurnListener, type TurnListener } from './turn-listener.ts';
import { usageIn } from './usage.ts';

/** `environment` is where `problem` looks for programs and credentials; a run looks in its request's. */
export const createAcpAgents = ({ environment }: { readonly environment: Environment }): readonly Agent[] =>
  KINDS.map((kind) => ({
    name: kind.name,
    problem: async (choice) => problemWith(kind, choice, environment),
    /** @throws AgentFailure by the turn's end; the signal's reason when it aborted */
    run: (request, observe, signal) => runTurn(kind, request, observe, signal),
  }));

function problemWith(kind: AcpKind, { command }: AgentChoice, environment: Environment): Problem | undefined {
  const program = command ?? kind.program;
  if (program === undefined)
    return {
      message: `agent ${kind.name} has no program: give one that speaks the Agent Client Protocol with --agent-command`,
    };
  const missing = missingProgram(program, environment);
  const install = kind.install === undefined ? '' : ` (${kind.install})`;
  if (missing !== undefined)
    return { ...missing, message: `agent ${kind.name}: ${missing.message}${install}` };
  const { HOME } = environment;
  const isSignedIn = kind.login !== undefined && HOME !== undefined && existsSync(join(HOME, kind.login));
  if (kind.keys.length === 0 || isSignedIn || kind.keys.some((name) => environment[name])) return undefined;
  return {
    message: `agent ${kind.name}: no credentials; set ${kind.keys.join(' or ')}, or ${kind.logIn}`,
    lacks: { variables: [...kind.keys] },
  };
}

const { methods } = acp;
const LAST_LINE_CHARS_MAX = 300;
/** How long an agent may take to end a turn that was cancelled; its process is ended then anyway. */
const CANCEL_MS = 2_000;

async function runTurn(
  kind: AcpKind,
  request: AgentRequest,
  observe: (event: AgentEvent) => void,
  signal: AbortSignal,
) {
  await mkdir(request.scratch, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(kind.files ?? {}))
    await writeFile(join(request.scratch, name), text);
  const declared = request.declaredOnly === true ? await kind.declared?.(request) : undefined;
  const turn = createTurn(request, observe, declared);
  const program = {
    command: commandOf(kind, request),
    needs: [...kind.keys, ...kind.needs],
    sets: { ...kind.sets(request.scratch, request.choice), ...declared?.sets },
    talk: turn.talk,
    hear: turn.hear,
  };
  const ending = await runAgentProgram(request, program, observe, signal);
  return outcomeOf(kind.name, turn.said(), ending);
}

const commandOf = (kind: AcpKind, request: AgentRequest): Command => [
  ...(request.choice.command ?? kind.program ?? []),
  ...kind.args(request),
];

/** One conversation: what is asked of the agent, what it asks, and what decides about its end. */
function createTurn(
  request: AgentRequest,
  observe: (event: AgentEvent) => void,
  declared: DeclaredOnly | undefined,
) {
  let said: Omit<AcpSaid, 'lastMessage'> = { lastLine: '' };
  const listener = createTurnListener(observe, request.mask);
  const asked = Promise.withResolvers<void>();
  let cancel = async (): Promise<void> => undefined;
  const decide = async (wish: acp.RequestPermissionRequest): Promise<acp.RequestPermissionResponse> => {
    listener.ask(wish);
    const verdict = verdictOn(wish, request);
    if (verdict.kind === 'answer') return verdict.response;
    said = { ...said, asked: verdict.permission };
    await cancel();
    setTimeout(asked.resolve, CANCEL_MS).unref();
    return { outcome: { outcome: 'cancelled' } };
  };
  const converse = async (agent: acp.ClientContext) => {
    const { id, resumed } = await openSession(agent, placeOf(request, declared), { request, listener });
    observe({ type: 'session', id });
    cancel = () => agent.notify(methods.agent.session.cancel, { sessionId: id });
    const prompt: acp.ContentBlock[] = [{ type: 'text', text: promptOf(request, resumed) }];
    const response = await agent.request(methods.agent.session.prompt, { sessionId: id, prompt });
    listener.tell();
    const usage = usageIn(response);
    if (usage !== undefined) observe({ type: 'usage', usage });
    said = { ...said, stopReason: response.stopReason };
  };
  return {
    said: (): AcpSaid => ({ ...said, lastMessage: listener.lastMessage() }),
    hear(line: string, stream: 'stdout' | 'stderr') {
      observe(logOf(line, stream));
      if (line.trim() !== '') said = { ...said, lastLine: clip(line.trim(), LAST_LINE_CHARS_MAX) };
    },
    async talk(stdin: Writable, stdout: Readable): Promise<void> {
      const client = acp
        .client({ name: 'pawl' })
        .onRequest(methods.client.session.requestPermission, ({ params }) => decide(params))
        .onNotification(methods.client.session.update, ({ params }) => listener.onUpdate(params.update));
      const talked = client.connectWith(streamOf(stdin, stdout), converse).catch((error: unknown) => {
        said = { ...said, refused: error };
      });
      await Promise.race([talked, asked.promise]);
    },
  };
}

// Node's streams of the web are those of the web, under other names.
const streamOf = (stdin: Writable, stdout: Readable) =>
  acp.ndJsonStream(
    Writable.toWeb(stdin) as WritableStream<Uint8Array>,
    Readable.toWeb(stdout) as ReadableStream<Uint8Array>,
  );

/** Pawl itself brings no servers. */
const placeOf = (
  { workspace, directory = workspace }: AgentRequest,
  { meta }: DeclaredOnly = {},
): acp.NewSessionRequest => ({
  cwd: directory,
  mcpServers: [],
  ...(meta !== undefined && { _meta: meta }),
});

/** The attempt's session where the agent can load it and still has it, else a new one. */
async function openSession(
  agent: acp.ClientContext,
  place: acp.NewSessionRequest,
  { request, listener }: { readonly request: AgentRequest; readonly listener: TurnListener },
) {
  const { agentCapabilities } = await agent.request(methods.agent.initialize, {
    protocolVersion: acp.PROTOCOL_VERSION,
    // Agents read and write files by themselves: they run in the workspace, as the same user.
    clientCapabilities: {},
  });
  const { session } = request.attempt;
  if (session !== undefined && agentCapabilities?.loadSession === true) {
    try {
      await listener.whileMuted(() =>
        agent.request(methods.agent.session.load, { sessionId: session, ...place }),
      );
      return { id: session, resumed: true };
    } catch (error) {
      if (!(error instanceof acp.RequestError)) throw error;
      listener.note(`session ${session} cannot be loaded (${error.message}): a new one gets the whole task`);
    }
  }
  const { sessionId } = await agent.request(methods.agent.session.new, place);
  return { id: sessionId, resumed: false };
}
