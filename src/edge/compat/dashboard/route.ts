/**
 * A route of the pipeline's HTTP interface, under the path, parameters and answers that its clients know. A row forwards to
 * operations, as a tool does (`edge/mcp/tool.ts`); nothing here knows of HTTP.
 */
import type { z } from 'zod';
import type { HostReads } from '../../../domain/host-reads.ts';
import type { CallContext } from '../../../domain/idempotency-key.ts';
import type { Calls } from '../../../domain/operations.ts';
import { parseInput } from '../../../domain/parse-input.ts';
import type { Scope } from '../../../domain/scopes.ts';

/** What a row answers from. */
export interface Asked {
  /** The operations as the caller may call them. */
  readonly calls: Calls;
  readonly host: HostReads;
  /** Pawl's own. */
  readonly version: string;
  readonly now: Date;
  /** The idempotency key of the call, where it has one. */
  readonly context: CallContext;
}

interface Described<I extends z.ZodType, O extends z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly scope: Scope;
  /** Of a GET the query, else the body. */
  readonly input: I;
  readonly output: O;
}

interface Row<I extends z.ZodType, O extends z.ZodObject> extends Described<I, O> {
  answer(asked: Asked, input: z.output<I>): Promise<z.input<O>>;
}

export interface CompatRoute extends Described<z.ZodType, z.ZodType> {
  /** @throws PawlError `invalid_input` for an input that is none; as the operations */
  answer(asked: Asked, input: unknown): Promise<object>;
}

export const route = <I extends z.ZodType, O extends z.ZodObject>(row: Row<I, O>): CompatRoute => ({
  ...row,
  answer: async (asked, input) => row.answer(asked, parseInput(row.name, row.input, input)),
});
