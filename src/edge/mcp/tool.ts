/**
 * A tool that an AI client calls: a row of a toolset's table. Nothing here knows of a transport; `mcp-server.ts` serves rows,
 * and a row forwards to operations.
 */
import type { z } from 'zod';
import type { CallContext, Note } from '../../domain/idempotency-key.ts';
import type { TaskId } from '../../domain/ids.ts';
import type { Calls, EngineApi } from '../../domain/operations.ts';

/** What a client may know before it calls; false where it is not so. */
export interface ToolHints {
  readonly readOnly: boolean;
  /** It may undo or remove something that is there. */
  readonly destructive: boolean;
  /** The same call twice does what one does. */
  readonly idempotent: boolean;
}

/** The operations, and what happens to a task. */
export type ToolCalls = Calls & Pick<EngineApi, 'news'>;

/** The same. Where a connection lies between, it can be made anew: `reconnect` opens one that all calls then use. */
export type ReconnectableCalls = ToolCalls & {
  /** @throws PawlError `unavailable` */
  readonly reconnect?: () => Promise<void>;
};

export interface FileRead {
  readonly content: Buffer;
  /** Relative to the directory. */
  readonly name: string;
}

export interface ToolContext {
  /** The working directory that this client speaks for, absolute; the adapter's own where it named none. */
  readonly directory: string;
  /**
   * A file of the client's working directory, where the engine is on another host and cannot read it. Absent where it can.
   * @throws PawlError `invalid_input` for one that leads out of it, or is no result
   */
  readonly readFile?: ((path: string) => Promise<FileRead>) | undefined;
  /** From now on this client speaks for another one. */
  speakFor(directory: string): void;
  /**
   * Over HTTP: where a client that speaks for another directory connects to, because the next request will know nothing of
   * what this one said. Absent where `speakFor` lasts.
   */
  readonly addressOf?: ((directory: string) => string) | undefined;
  /** The key of the call, for what it does. Absent where it has none. */
  readonly keyed?: ToolKey;
  readonly signal: AbortSignal;
  /** Whoever runs the adapter lets the client decide gates itself (`--allow-approve`). Default: a person is asked. */
  readonly mayDecide?: boolean;
  /** Tells how far a long call is, to a client that wants to know. Costs nothing where it does not. */
  readonly report?: (message: string) => void;
  /**
   * What the person said, in the client's own prompt. The call is made again from its start with the answer, so look
   * first and act last; another `key` is another question.
   * @throws Unanswered, which the server turns into the prompt
   */
  readonly ask?: (key: string, question: Question) => Said;
}

export interface ToolKey {
  /** Names what the call makes: the same when it is made again. */
  readonly id: string;
  /**
   * What the answer needs to know of how it was before the call acts. The same call again, after a crash, is told what the
   * first one found; what it then does must be fine with having been done.
   */
  readonly note: Note;
  /** With what the tool's one changing call is made; of several each is a part. */
  readonly context: CallContext;
  /** @param name the same when the tool is called again, whatever it reads then: an operation and an id */
  part(name: string): CallContext;
}

/** What a person sees: a text and a form of flat fields. */
export interface Question {
  readonly message: string;
  readonly form: z.ZodObject;
}

/** `refused`: the person closed the prompt or would not answer. */
export type Said = { readonly kind: 'refused' } | { readonly kind: 'answered'; readonly fields: unknown };

/** Control flow, not a failure: the call cannot go on before a person has answered. */
export class Unanswered extends Error {
  readonly key: string;
  readonly question: Question;
  constructor(key: string, question: Question) {
    super(`a person has to answer: ${question.message}`);
    this.name = 'Unanswered';
    this.key = key;
    this.question = question;
  }
}

export interface ToolAnswer<O> {
  readonly structured: O;
  /** The same for a reader, in a few lines. */
  readonly text: string;
}

export interface Tool<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** For a model: when to call it and what it answers. */
  readonly description: string;
  readonly input: I;
  readonly output: O;
  readonly hints: ToolHints;
  /** What a token needs to call it, where that is more than its hints say: `read` for one that only looks, else `operate`. */
  readonly scope?: 'approve';
  /** The token of an attempt may call it as well: what it calls is bound to the attempt. */
  readonly forAttempts?: true;
  /**
   * Takes an idempotency key. `whole`: what the tool answers is kept by the engine as a whole; `call`: the one operation by which
   * it changes something is made under the key, and what it reads is as things stand. Absent of tools that change nothing.
   */
  readonly keeps?: 'whole' | 'call';
  /** What it answers is what the next call begins with: while the engine is away it is never kept for later. */
  readonly needsAnswer?: true;
  /**
   * What an adapter hands on where the engine carries the call out: what only this host has is uploaded first.
   * @throws PawlError as `call`
   */
  handOn?(engine: ReconnectableCalls, input: z.output<I>, context: ToolContext): Promise<z.input<I>>;
  /** @throws PawlError, which the client gets as `isError` with code, message and details */
  call(engine: ReconnectableCalls, input: z.output<I>, context: ToolContext): Promise<ToolAnswer<z.input<O>>>;
  /**
   * Where the input asks to wait for a task: starts it and answers its id, and a client that keeps durable tasks waits
   * by itself. undefined where there is nothing to wait for.
   */
  begin?(engine: Calls, input: z.output<I>, context: ToolContext): Promise<TaskId | undefined>;
  /** Where its answer says for which directory the client speaks from then on. */
  speaksFor?(structured: z.output<O>): string;
}

/** Keeps a row's own types while it stands in a table with others. */
export const tool = <I extends z.ZodObject, O extends z.ZodObject>(row: Tool<I, O>): Tool<I, O> => row;
