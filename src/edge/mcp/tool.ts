/**
 * A tool that an AI client calls: a row of a toolset's table. Nothing here knows of a transport; `mcp-server.ts` serves rows,
 * and a row forwards to operations.
 */
import type { z } from 'zod';
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
  /**
   * It said that it speaks for this directory: were it to begin again, it would speak for its own one until it says so
   * once more.
   */
  readonly isSpokenFor?: boolean;
  /**
   * What the answer needs to know of how it was before the call acts. The same call again, after a crash, is told what the
   * first one found; what it then does must be fine with having been done. Absent where the call has no key.
   */
  readonly atFirst?: <T>(look: () => Promise<T>) => Promise<T>;
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
  /** @throws PawlError, which the client gets as `isError` with code, message and details */
  call(engine: ReconnectableCalls, input: z.output<I>, context: ToolContext): Promise<ToolAnswer<z.input<O>>>;
  /**
   * Where the input asks to wait for a task: starts it and answers its id, and a client that keeps durable tasks waits
   * by itself. undefined where there is nothing to wait for.
   */
  begin?(engine: Calls, input: z.output<I>, context: ToolContext): Promise<TaskId | undefined>;
}

/** Keeps a row's own types while it stands in a table with others. */
export const tool = <I extends z.ZodObject, O extends z.ZodObject>(row: Tool<I, O>): Tool<I, O> => row;
