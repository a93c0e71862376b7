/** A gate after a phase of a loop: a decision that must be made before going on. */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { type Condition, WrittenCondition } from './condition.ts';
import { type Guarantee, WrittenGuarantees } from './guarantees.ts';
import { type CheckNames, Named, Title, CheckNames as WrittenCheckNames } from './loop-words.ts';
import { Span } from './spans.ts';

interface AnyGate {
  readonly id: string;
  readonly title?: string;
  /** A gate that is not required is shown, and holds nothing up. */
  readonly required: boolean;
  /** Where it is false there is no such gate in this execution. */
  readonly when?: Condition;
  /** Looked at by the engine before the gate passes, or can be approved. */
  readonly guarantees: readonly Guarantee[];
  /** Back to the beginning of a phase, at most so often: what came after it is stale and is done again. */
  readonly onReject?: { readonly goTo: string; readonly most: number };
}

/** The engine decides: all of `checks`, `passesIf` and the guarantees. */
export interface CheckGate extends AnyGate {
  readonly kind: 'check';
  readonly checks?: CheckNames;
  readonly passesIf?: Condition;
}

/** People decide, as many as `count`. */
export interface ApprovalGate extends AnyGate {
  readonly kind: 'approval';
  readonly by: { readonly count: number; readonly not?: 'requester' };
  /** Milliseconds after which an approval that nobody gave is refused. */
  readonly expires?: number;
}

export type LoopGate = CheckGate | ApprovalGate;

const Fields = z.strictObject({
  id: Named,
  title: Title.optional(),
  kind: z.enum(['check', 'approval']).describe('check: the engine decides; approval: people do'),
  required: z.boolean().default(true),
  when: WrittenCondition.optional().describe(
    'where it is false there is no gate; of a check that has nothing else to look at, what must be true',
  ),
  checks: WrittenCheckNames.optional(),
  passes_if: WrittenCondition.optional().describe('what must be true'),
  guarantees: WrittenGuarantees,
  by: z
    .strictObject({
      count: z.int().min(1).max(LIMITS.approversMax).default(1),
      not: z.literal('requester').optional().describe('who asked for the work does not approve it'),
    })
    .optional(),
  expires: Span.optional(),
  on_reject: z.strictObject({ go_to: Named, most: z.int().min(1).max(LIMITS.reworksMax) }).optional(),
});
type Fields = z.output<typeof Fields>;

/** Looked at also where another field is wrong, so that one reading tells all. */
const ALWAYS = { when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null };
const onlyOf = (kind: Fields['kind'], key: keyof Fields) => ({
  holds: (fields: Fields) => fields.kind === kind || fields[key] === undefined,
  told: { ...ALWAYS, path: [key], error: `only a gate of kind ${kind} has ${key}` },
});
const [NO_CHECKS, NO_PASS, NO_BY, NO_EXPIRY] = [
  onlyOf('check', 'checks'),
  onlyOf('check', 'passes_if'),
  onlyOf('approval', 'by'),
  onlyOf('approval', 'expires'),
] as const;

export const WrittenGate = Fields.refine(NO_CHECKS.holds, NO_CHECKS.told)
  .refine(NO_PASS.holds, NO_PASS.told)
  .refine(NO_BY.holds, NO_BY.told)
  .refine(NO_EXPIRY.holds, NO_EXPIRY.told)
  .refine(
    ({ kind, checks, passes_if, when, guarantees }) =>
      kind !== 'check' ||
      guarantees?.length !== 0 ||
      [checks, passes_if, when].some((one) => one !== undefined),
    { ...ALWAYS, error: 'expected checks, passes_if, guarantees or when: what the engine should look at' },
  )
  .transform(gateOf);

function gateOf(fields: Fields): LoopGate {
  const { kind, title, when, checks, passes_if: passesIf, by, expires, on_reject: back, ...rest } = fields;
  const common = {
    ...rest,
    ...(title !== undefined && { title }),
    ...(back !== undefined && { onReject: { goTo: back.go_to, most: back.most } }),
  };
  if (kind === 'approval') {
    const { count, not } = by ?? { count: 1, not: undefined };
    return {
      ...common,
      kind,
      by: { count, ...(not !== undefined && { not }) },
      ...(when !== undefined && { when }),
      ...(expires !== undefined && { expires }),
    };
  }
  // A check that has nothing else to look at looks at its `when`: nothing passes by not having been looked at.
  const isLookedAt = checks !== undefined || passesIf !== undefined || rest.guarantees.length > 0;
  const looksAt = isLookedAt ? passesIf : when;
  return {
    ...common,
    kind,
    ...(checks !== undefined && { checks }),
    ...(looksAt !== undefined && { passesIf: looksAt }),
    ...(isLookedAt && when !== undefined && { when }),
  };
}
