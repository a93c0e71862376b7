/** What a scripted model does, in words that each provider's server puts into its own. */

/** What the model does next, in words that each provider's script puts into its own. */
export type Move =
  | { readonly text: string }
  | { readonly write: { readonly path: string; readonly text: string } }
  | { readonly run: string }
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly message?: string;
      readonly code?: string;
    }
  | { readonly hang: true }
  | { readonly drop: true };

export interface Asked {
  /** From 1. */
  readonly number: number;
  /** Whether a tool's result was brought. */
  readonly afterTool: boolean;
  /** Everything that was sent, as JSON. */
  readonly body: string;
}
export type Play = (asked: Asked) => Move;
/** Answers when its time has come. */
export type PatientPlay = (asked: Asked) => Move | Promise<Move>;

export interface Provider {
  /** What the agent is to be given of the engine's environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** The agent's own key in every test. */
export const KEY = 'sk-key-of-the-agent';
