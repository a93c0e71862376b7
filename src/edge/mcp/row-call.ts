/** One call of a row of a toolset, whatever it came over: what comes in is checked by its schema, what goes out has one form. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { TaskId } from '../../domain/ids.ts';
import { parseInput } from '../../domain/parse-input.ts';
import { mayDo, needScope } from '../../domain/scopes.ts';
import { publicErrorOf } from '../http/refusals.ts';
import { callWhole, type KeepsAnswers, keyOfCall, ToolKeyField } from './keyed-tools.ts';
import type { KnownCaller } from './own-token.ts';
import type { FileRead, ReconnectableCalls, Tool, ToolContext } from './tool.ts';

export interface RowDeps {
  readonly engine: ReconnectableCalls;
  readonly keeps: KeepsAnswers;
  /** In which keys count. */
  readonly session: string;
  /** @throws PawlError where this caller may not use the tool */
  readonly admit: (row: Tool) => Promise<void>;
  readonly onBug: (error: Error) => void;
}

/** What a row takes. Made once a row, not once a call: to make a schema takes longer than most calls. */
export function inputOf(row: Tool): z.ZodObject {
  const made = inputs.get(row);
  if (made !== undefined) return made;
  const keyed = row.keeps === undefined ? row.input : row.input.extend({ idempotency_key: ToolKeyField });
  const input = keyed.strict();
  inputs.set(row, input);
  return input;
}
const inputs = new WeakMap<Tool, z.ZodObject>();

export interface RowCall<B> {
  /** As it came. */
  readonly input: unknown;
  readonly context: ToolContext;
  /** What is answered of a task that goes on past the call. Absent for a client that waits for whole answers. */
  readonly begin?: ((id: TaskId) => B) | undefined;
}

/** @throws PawlError; Unanswered */
export async function callRow<B = never>(
  row: Tool,
  deps: RowDeps,
  { input: raw, context, begin }: RowCall<B>,
): Promise<CallToolResult | B> {
  const { engine, keeps, session } = deps;
  await deps.admit(row);
  const { idempotency_key: given, ...values } = parseInput(row.name, inputOf(row), raw);
  const key = ToolKeyField.parse(given);
  const act = async (own: ToolContext): Promise<CallToolResult> => {
    const { structured, text } = await row.call(engine, values, own);
    return { structuredContent: row.output.parse(structured), content: [{ type: 'text', text }] };
  };
  if (key !== undefined && row.keeps === 'whole')
    return callWhole(keeps, { engine, row, key, values, context, session, act });
  const own = key === undefined ? context : { ...context, keyed: keyOfCall(deps, key) };
  const begun = begin && (await row.begin?.(engine, values, own));
  return begin === undefined || begun === undefined ? act(own) : begin(begun);
}

/** @throws PawlError `forbidden` where this caller may not use the tool */
export function needTool(caller: KnownCaller, { scope, hints, forAttempts }: Tool): void {
  if (forAttempts === true && mayDo(caller, 'agent')) return;
  needScope(caller, scope ?? (hints.readOnly ? 'read' : 'operate'));
}

export interface Speaking {
  /** Which directory the client speaks for. */
  readonly speaker: { directory: string };
  readonly readFile?: ((directory: string, path: string) => Promise<FileRead>) | undefined;
}

/** What a tool knows of its client. */
export function contextFor(
  { speaker, readFile }: Speaking,
  more: Omit<ToolContext, 'directory' | 'speakFor' | 'readFile'>,
): ToolContext {
  return {
    get directory() {
      return speaker.directory;
    },
    speakFor: (directory) => {
      speaker.directory = directory;
    },
    readFile: readFile && ((path) => readFile(speaker.directory, path)),
    ...more,
  };
}

/** A refusal as a client gets it: what a tool throws is no error of the protocol. */
export function errorResult(error: unknown, onBug: (error: Error) => void): CallToolResult {
  const shown = publicErrorOf(error, onBug);
  return {
    isError: true,
    structuredContent: { ...shown },
    content: [{ type: 'text', text: `${shown.code}: ${shown.message}` }],
  };
}
