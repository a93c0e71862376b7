/**
 * The ways into one engine, each as `(operation, input) => answer or error`: the CLI as a program, plain HTTP requests,
 * the tools of `pawl mcp` (toolset `core`) and the client of scripts. The same input goes to all of them.
 */
import { expect } from 'vitest';
import { z } from 'zod';
import { type Pawl, PawlError } from '../../src/client.ts';
import { ERROR_CODES, type ErrorCode } from '../../src/domain/failures.ts';
import { type OperationName, operations } from '../../src/domain/operations.ts';
import { writeQuery } from '../../src/edge/http/query-string.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { CORE } from './core-tools.ts';
import type { McpRig } from './mcp-rig.ts';
import { type EngineRig, lastDocument, quoted } from './rig.ts';
import { startedCli } from './started-cli.ts';

export const EDGES = ['cli', 'http', 'mcp', 'client'] as const;
export type EdgeName = (typeof EDGES)[number];

export type Input = Readonly<Record<string, unknown>>;
export type Outcome =
  | { readonly answer: Record<string, unknown> }
  | { readonly error: { readonly code: ErrorCode; readonly message: string } };
export type Edge = (name: OperationName, input: Input) => Promise<Outcome>;

/** The one form of an error. A code of HTTP alone, such as for a body that is too large, is not among these. */
const Refused = z.strictObject({
  code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode]),
  message: z.string().min(1),
  details: z.unknown().optional(),
});

/** Where the command line, the adapter and scripts are started. */
export interface Shell {
  readonly env: Readonly<Record<string, string>>;
  readonly mcp: McpRig;
  readonly api: Pawl;
}
export type Edges = Readonly<Record<EdgeName, Edge>>;

export const edgesOf = (rig: EngineRig, { env, mcp, api }: Shell): Edges => ({
  cli: throughCli(rig, env),
  http: throughHttp(rig),
  mcp: throughMcp(mcp),
  client: throughClient(api),
});

/** Fields that are arguments, options that are called otherwise than their field, and what the CLI says itself. */
const ARGUMENTS: { readonly [N in OperationName]?: readonly string[] } = {
  run: ['requirement'],
  create: ['title'],
  tell: ['id', 'text'],
  artifact: ['digest'],
  open: ['directory'],
  forget: ['session'],
};
const OPTIONS: Readonly<Record<string, string>> = {
  dependencies: 'after',
  repository: 'repo',
  artifacts: 'artifact',
  files: 'file',
};
const SAYS_WHO: readonly OperationName[] = ['approve', 'reject', 'tell', 'claim'];
const WITHOUT_ID: readonly OperationName[] = [
  'dashboard',
  'list',
  'count',
  'gates',
  'sessions',
  'vitals',
  'restart',
];

/**
 * The program's exit code goes with what it says. The first command line of an operation, and the first that gives it stdin,
 * is the program, as a person starts it; the next ones are told to one that has started already.
 */
function throughCli(rig: EngineRig, env: Shell['env']): Edge {
  const forms = new Set<string>();
  const started = startedCli({ ...process.env, ...rig.environment(env) }, rig.home);
  return async (name, input) => {
    const { args, stdin } = commandLine(name, input);
    const form = `${name} ${stdin !== undefined}`;
    const isFirst = !forms.has(form);
    forms.add(form);
    const told = isFirst
      ? await rig.pawl(args, { env, ...(stdin === undefined ? {} : { input: stdin }) })
      : await started(args, stdin);
    const document = lastDocument(told.out);
    // It follows what it has started, until that waits for a person.
    if (name === 'run' && told.code === 3) return { answer: document };
    expect(told.out.split('\n')).toHaveLength(1);
    if (told.code === 0) return { answer: name === 'show' ? Object(document.task) : document };
    expect(told.err).not.toMatch(/^ +at .*:\d+/m);
    const error = Refused.parse(document.error);
    expect(told.code).toBe(ERROR_CODES[error.code].exitCode);
    return { error };
  };
}

/** Options first, and `--` before arguments, which may begin with a hyphen. */
function commandLine(name: OperationName, input: Input): { args: string[]; stdin?: string } {
  const words = WITHOUT_ID.includes(name) ? [] : (ARGUMENTS[name] ?? ['id']);
  let stdin: string | undefined;
  const textOf = (field: string, value: unknown): string => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (!STDIN_FIELDS.includes(field) || !(text.includes('\0') || text.length > 10_000)) return text;
    stdin = text;
    return '-';
  };
  const options = Object.entries(input)
    .filter(([field]) => !words.includes(field) && !(field === 'by' && SAYS_WHO.includes(name)))
    .flatMap(([field, value]) => {
      if (field === 'agent') return agentOptions(value);
      const option = `--${OPTIONS[field] ?? field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      if (value === true) return [option];
      return [value].flat().map((one) => `${option}=${textOf(field, one)}`);
    });
  const args = words.filter((word) => word in input).map((word) => textOf(word, input[word]));
  return { args: [name, '--json', ...options, '--', ...args], ...(stdin === undefined ? {} : { stdin }) };
}
/** Of an object a name and a command. */
function agentOptions(agent: unknown): readonly string[] {
  const { name, command } = Object(agent);
  return [`--agent=${name}`, ...(command === undefined ? [] : [`--agent-command=${quoted(command)}`])];
}
/** No argument of a program can hold a NUL or 128 KB; these fields are read from stdin as well. */
const STDIN_FIELDS: readonly string[] = ['description', 'detail'];

function throughHttp({ endpoints, home }: EngineRig): Edge {
  const authorization = `Bearer ${tokenOf(home, {})}`;
  return async (name, input) => {
    const { method, path } = operations[name];
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, field]) => field ?? '');
    const place = path.replaceAll(/\{(\w+)\}/g, (_, field) => encodeURIComponent(String(input[field])));
    const rest = Object.fromEntries(Object.entries(input).filter(([field]) => !inPath.includes(field)));
    const answer =
      method === 'GET'
        ? await fetch(`${endpoints.api}${place}?${writeQuery(rest)}`, { headers: { authorization } })
        : await fetch(`${endpoints.api}${place}`, {
            method,
            headers: { authorization, 'content-type': 'application/json' },
            body: JSON.stringify(rest),
          });
    const body = Object(await answer.json());
    if (answer.ok) return { answer: body };
    const error = Refused.parse(body.error);
    expect(answer.status).toBe(ERROR_CODES[error.code].httpStatus);
    return { error };
  };
}

/** The adapter says itself who decides. */
const throughMcp =
  (mcp: McpRig): Edge =>
  async (name, { by: _, ...input }) => {
    const row = CORE[name];
    if (row === undefined) throw new Error(`no tool of the core does ${name}: leave mcp out of its cases`);
    const answer = await mcp.call(row.tool, row.input?.(input) ?? input);
    return answer.isError ? { error: Refused.parse(answer.structured) } : { answer: answer.structured };
  };

/** Whether the tools of the core take such an input at all. */
export const isOfCore = (name: OperationName, input: Input): boolean =>
  CORE[name]?.without.every((field) => field === 'by' || !(field in input)) ?? false;

const throughClient =
  (api: Pawl): Edge =>
  async (name, input) => {
    try {
      return { answer: await api[name](input as never) };
    } catch (error) {
      if (!(error instanceof PawlError)) throw error;
      return { error: { code: error.code, message: error.message } };
    }
  };
