/**
 * What the engine does not have and the shell of who asks may have. An error carries it in its details, so that the command
 * line can tell a person; only names, never a value.
 */
import { z } from 'zod';

export const Lacks = z.object({
  /** Any one of them would do. */
  variables: z.array(z.string()).default([]),
  programs: z.array(z.string()).default([]),
});
export type Lacks = z.infer<typeof Lacks>;

/** Why something cannot be done here, as a line a person can act on. */
export interface Problem {
  readonly message: string;
  readonly lacks?: Partial<Lacks>;
}

const Details = z.object({ lacks: Lacks });

/** The details of an error about these problems. */
export const detailsOf = (problems: readonly Problem[]): z.infer<typeof Details> => ({
  lacks: {
    variables: problems.flatMap(({ lacks }) => lacks?.variables ?? []),
    programs: problems.flatMap(({ lacks }) => lacks?.programs ?? []),
  },
});

/** Undefined for the details of any other error. */
export const lacksIn = (details: unknown): Lacks | undefined => Details.safeParse(details).data?.lacks;
