/** What is said between a process and its fork server (`fork-client.ts`, `fork-server.ts`), both of one version. */
import type { Command, Ended } from './starter.ts';

/** By its name: what is asked, and what it is answered, once, under its number. */
export interface Calls {
  readonly run: { readonly asked: { readonly command: Command }; readonly answer: Ended };
  readonly pipe: {
    readonly asked: { readonly from: Command; readonly to: Command };
    readonly answer: readonly [Ended, Ended];
  };
  /** Answered when the program has ended. */
  readonly open: { readonly asked: { readonly command: Command }; readonly answer: Ended };
  readonly next: { readonly asked: { readonly program: number }; readonly answer: Buffer | undefined };
}
export type Call = keyof Calls;
type Question = { [C in Call]: { readonly call: C; readonly number: number } & Calls[C]['asked'] }[Call];
/** Is answered by nothing. An open program is named by the number of the question that opened it. */
export type Notice =
  | { readonly call: 'write'; readonly program: number; readonly text: string }
  | { readonly call: 'close' | 'kill'; readonly program: number }
  /** Nobody needs the server any more: it ends, and what it has started with it. */
  | { readonly call: 'end' };

export type ToServer = Question | Notice;
/** The output of a run comes before its answer, in which it is left out: the server keeps nothing that is large. */
export type FromServer =
  | { readonly number: number; readonly answer: Calls[Call]['answer'] }
  | { readonly number: number; readonly output: Buffer };
