/**
 * A tool that an AI client calls: a row of a toolset's table. Nothing here knows of a transport; `server.ts` serves rows,
 * and a row forwards to operations.
 */
import type { z } from 'zod';
import type { Calls } from '../../domain/operations.ts';

/** What a client may know before it calls; false where it is not so. */
export interface ToolHints {
  readonly readOnly: boolean;
  /** It may undo or remove something that is there. */
  readonly destructive: boolean;
  /** The same call twice does what one does. */
  readonly idempotent: boolean;
}

export interface ToolContext {
  /** The working directory that this client speaks for, absolute; the adapter's own where it named none. */
  readonly directory: string;
  /** From now on this client speaks for another one. */
  speakFor(directory: string): void;
  readonly signal: AbortSignal;
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
  /** @throws PawlError, which the client gets as `isError` with code, message and details */
  call(engine: Calls, input: z.output<I>, context: ToolContext): Promise<ToolAnswer<z.input<O>>>;
}

/** Keeps a row's own types while it stands in a table with others. */
export const tool = <I extends z.ZodObject, O extends z.ZodObject>(row: Tool<I, O>): Tool<I, O> => row;
