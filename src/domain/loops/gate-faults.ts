/** What is wrong with a gate where it stands. Pure. */
import { problemsWithCondition } from './comparing.ts';
import type { LoopGate } from './loop-gate.ts';
import type { Fault } from './loop-parts.ts';
import { mayBeIncluded, type Scope } from './scope.ts';
import { repeatedGuarantees } from './skill-faults.ts';

interface Place {
  readonly scope: Scope;
  /** Ids of the phases up to its own, and of all. */
  readonly upTo: readonly (string | undefined)[];
  readonly phases: readonly (string | undefined)[];
}

export function gateFaults(
  gate: LoopGate,
  { scope, upTo, phases }: Place,
  path: readonly PropertyKey[],
): readonly Fault[] {
  const conditions = [
    ['when', gate.when],
    // Where a check looks at its `when`, that is where it was written.
    ['passes_if', gate.kind === 'check' ? gate.passesIf : undefined],
  ] as const;
  const wrong = conditions.flatMap(([key, condition]) =>
    condition === undefined
      ? []
      : problemsWithCondition(condition, scope).map((message) => ({ path: [...path, key], message })),
  );
  return [
    ...wrong,
    ...wayBack(gate, { scope, upTo, phases }, path),
    ...repeatedGuarantees(gate.guarantees, path),
  ];
}

/** Forward it would leave out what stands between; only back it comes to its own gate again, and `most` bounds that. */
function wayBack(
  { onReject }: LoopGate,
  { scope, upTo, phases }: Place,
  path: readonly PropertyKey[],
): readonly Fault[] {
  if (onReject === undefined || upTo.includes(onReject.goTo)) return [];
  const { goTo } = onReject;
  if (!phases.includes(goTo) && mayBeIncluded(goTo, scope)) return [];
  const found = phases.includes(goTo) ? `${goTo} stands later` : `there is no phase ${goTo}`;
  const known = upTo.filter((id) => id !== undefined).join(', ');
  const message = `${found}: expected the phase of this gate or one before it (${known})`;
  return [{ path: [...path, 'on_reject', 'go_to'], message }];
}
