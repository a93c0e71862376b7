/** What the activities need to know of the variables that agents, programs and forges are given. */
import type { Mask, MaskNow } from '../../domain/mask.ts';

/** The engine's own variables and those of `$PAWL_HOME/.env`, as they are at each call. */
export interface Variables {
  /** The engine's own win. @throws PawlError `precondition` when the file cannot be read or understood */
  environment(): Readonly<Record<string, string | undefined>>;
  /** Of every secret among them. Never throws: of a file that is wrong, of what it held before and what may be meant in it. */
  readonly mask: MaskNow;
  /** Both of one read, so that the mask knows everything that is handed on. Takes what `mask` takes. */
  now(...besides: Parameters<MaskNow>): VariablesNow;
}

export interface VariablesNow extends Pick<Variables, 'environment'> {
  readonly mask: Mask;
}
