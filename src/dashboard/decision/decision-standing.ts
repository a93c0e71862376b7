/** What has become of the gate that somebody looks at. Pure. */
import { viaWords, whyStale } from '../../domain/gate-words.ts';
import type { Gate, TaskState } from '../../domain/task-state.ts';

export type Standing =
  | { readonly is: 'open' }
  /** Something else waits for the decision by now. `gate` is what one looks at, as it is left. */
  | { readonly is: 'stale'; readonly newer: Gate; readonly gate: Gate | undefined }
  | { readonly is: 'decided'; readonly gate: Gate; readonly newer: Gate | undefined }
  /** It waits for nobody any more: nobody has decided it, or the decision came to nothing. */
  | { readonly is: 'gone'; readonly gate: Gate | undefined };

/** The gate that a person can decide now. */
export const openGate = ({ gates }: Pick<TaskState, 'gates'>): Gate | undefined =>
  gates.find(({ status, gate }) => status === 'open' && gate !== 'check');

export function standingOf(looked: Gate, state: Pick<TaskState, 'gates'>): Standing {
  const now = state.gates.find((gate) => isSame(gate, looked));
  if (now?.status === 'open') return { is: 'open' };
  const newer = openGate(state);
  if (now !== undefined && isDecided(now)) return { is: 'decided', gate: now, newer };
  return newer === undefined ? { is: 'gone', gate: now } : { is: 'stale', newer, gate: now };
}

/** The same question about the same thing: in another run of the task the ids count from 1 again. */
const isSame = (one: Gate, other: Gate): boolean =>
  one.gate === other.gate &&
  one.id === other.id &&
  one.digest === other.digest &&
  one.openedAt === other.openedAt;

const isDecided = ({ status }: Gate): boolean => status === 'approved' || status === 'rejected';

export type Question = 'change' | 'permission' | 'escalation';

export function questionOf({ gate, permission }: Gate): Question {
  if (gate === 'escalation') return 'escalation';
  return permission === undefined ? 'change' : 'permission';
}

const WORDS: Readonly<Record<Question, readonly [approved: string, rejected: string]>> = {
  change: ['Approved', 'Rejected'],
  permission: ['Allowed', 'Refused'],
  escalation: ['Answered', 'Ended'],
};

/** What a gate asks of a person, as a heading. */
export const HEADINGS: Readonly<Record<Question, string>> = {
  change: 'Its change waits for approval',
  permission: 'The agent asks to be allowed something',
  escalation: 'It cannot go on by itself',
};

/** What waits now, where one looks at something else. */
export const newerText = (newer: Gate): string =>
  questionOf(newer) === 'change'
    ? 'What waits now is a newer change.'
    : `What waits now is a question: ${newer.question ?? HEADINGS[questionOf(newer)]}`;

/** `Rejected by kim via cli: use cents`. Of one that does not count any more, why. */
export function decisionText(gate: Gate): string {
  const [approved, rejected] = WORDS[questionOf(gate)];
  const { status, by, via, inside, carriedFrom } = gate;
  // The reason of a stale one is why it is stale.
  const reason = status === 'stale' ? undefined : gate.reason;
  const who = [
    status === 'rejected' ? rejected : approved,
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(via === undefined ? [] : [`via ${viaWords(via)}`]),
    ...(inside === undefined ? [] : [`inside ${inside}`]),
    ...(carriedFrom === undefined ? [] : [`as ${carriedFrom} was`]),
  ].join(' ');
  const since = status === 'stale' ? `, stale since then: ${whyStale(gate)}` : '';
  return reason === undefined ? `${who}${since}` : `${who}: ${reason}`;
}

/** What going on from an escalation does, in the engine's own words; undefined where it says none. */
export const goesOnText = ({ next = '' }: Gate): string | undefined =>
  /^pawl retry \S+ ([^,]+),/.exec(next)?.[1];
