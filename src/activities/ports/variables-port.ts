/** What the activities need to know of the variables that agents, programs and forges are given. */
import type { MaskNow } from '../../domain/mask.ts';

/** The engine's own variables and those of `$PAWL_HOME/.env`, as they are at each call. */
export interface Variables {
  /** The engine's own win. @throws PawlError `precondition` when the file cannot be read or understood */
  environment(): Readonly<Record<string, string | undefined>>;
  /** Of every secret among them. Never throws: where the file cannot be read, its values reach nobody. */
  readonly mask: MaskNow;
}
