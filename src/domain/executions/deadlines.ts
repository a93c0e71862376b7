/** When an execution moves without a word of anybody. Pure. */

import { gatesOf, phaseAt, skillsOf } from './execution-parts.ts';
import type { Execution } from './execution-record.ts';
import { expiryOf } from './gates-pass.ts';
import { deadlineOf } from './skill-ends.ts';

/** ISO 8601; undefined where it waits for somebody alone, or is paused. */
export function nextDeadline(execution: Execution): string | undefined {
  if (execution.record.status !== 'active') return undefined;
  const parts = phaseAt(execution);
  const ends = [
    ...skillsOf(parts).flatMap((one) => (one.skill.verdict === 'awaited' ? [] : (deadlineOf(one) ?? []))),
    ...gatesOf(parts).flatMap((one) => (one.gate.status === 'open' ? (expiryOf(one) ?? []) : [])),
  ];
  return ends.toSorted()[0];
}
