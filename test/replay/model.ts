/**
 * What a client-driven task has to be after what it was told: the rules written anew, and small. It must not import those
 * of the engine (`src/domain/lifecycle.ts`), because they are what is compared with it. Bounds are left out, but for notes.
 */
import { isDeepStrictEqual } from 'node:util';

export type Status = 'pending' | 'blocked' | 'in_progress' | 'completed' | 'failed' | 'cancelled';
type Json = Readonly<Record<string, unknown>>;

export interface Message {
  readonly name: string;
  readonly id?: string;
  readonly body: Json;
  /** No task takes it, whatever its state. */
  readonly malformed: boolean;
}

/** What its sender hears. `sent` and `gone`: a signal that the server took, or did not because the task is over. */
export type Answer =
  | { readonly kind: 'taken'; readonly status: string; readonly token?: string }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'sent' }
  | { readonly kind: 'gone' };

interface Seen {
  readonly message: Message;
  readonly status: Status;
  /** Which claim it was. */
  readonly claim?: number;
}

export interface Model {
  readonly status: Status;
  readonly title: string;
  readonly progress?: number;
  readonly context?: Json;
  readonly notes: readonly string[];
  readonly artifacts: readonly string[];
  readonly summary?: string;
  /** Why it is blocked: somebody's words, or `dependencies`. */
  readonly blockedBy?: string;
  /** Those that are not completed, in their order, with how they have ended. */
  readonly waitsFor?: readonly { readonly id: string; readonly ended?: Status }[];
  /** The token of each claim; null where nobody was told it. */
  readonly tokens: readonly (string | null)[];
  readonly seen: readonly Seen[];
  readonly ignored: number;
}

const NOTES_KEPT = 20;
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  pending: ['pending', 'blocked', 'in_progress'],
  blocked: ['pending', 'blocked', 'in_progress'],
  in_progress: ['blocked', 'in_progress'],
};

export function begun(title: string, dependencies: readonly string[], context?: Json): Model {
  const common = { title, notes: [], artifacts: [], tokens: [], seen: [], ignored: 0 };
  const started = { ...common, ...(context === undefined ? {} : { context }) };
  if (dependencies.length === 0) return { ...started, status: 'pending' };
  const waitsFor = dependencies.map((id) => ({ id }));
  return { ...started, status: 'blocked', blockedBy: 'dependencies', waitsFor };
}

export const isOver = ({ status }: Model): boolean => ['completed', 'failed', 'cancelled'].includes(status);
const waits = ({ waitsFor = [] }: Model): boolean => waitsFor.length > 0;

/** What becomes of it with this message; undefined where a task such as this cannot have answered so. */
export function after(model: Model, message: Message, answer: Answer): Model | undefined {
  if (answer.kind === 'gone') return isOver(model) ? model : undefined;
  const bySignal = answer.kind === 'sent';
  const refused = (code: string): Model | undefined => {
    if (bySignal) return { ...model, ignored: model.ignored + 1 };
    // Who asks one that is over may be answered by the server, which does not look at the body.
    const isSo = answer.kind === 'refused' && (answer.code === code || (isOver(model) && code !== 'taken'));
    return isSo ? model : undefined;
  };
  if (message.malformed) return refused('invalid_input');
  const first = model.seen.find((one) => one.message.id === message.id);
  if (first !== undefined) {
    if (!isDeepStrictEqual(first.message, message)) return refused('conflict');
    return bySignal ? model : answeredAgain(model, first, answer);
  }
  const next = told(model, message);
  if (next === undefined) return refused('conflict');
  if (answer.kind === 'refused') return undefined;
  if (bySignal) return remembered(next, message);
  if (answer.status !== next.status) return undefined;
  if (message.name !== 'claim') return answer.token === undefined ? remembered(next, message) : undefined;
  if (answer.token === undefined || model.tokens.includes(answer.token)) return undefined;
  return remembered({ ...next, tokens: [...model.tokens, answer.token] }, message);
}

function remembered(model: Model, message: Message): Model {
  if (message.id === undefined) return model;
  const claim = message.name === 'claim' ? { claim: model.tokens.length - 1 } : {};
  const seen = { message, status: model.status, ...claim };
  return { ...model, seen: [...model.seen, seen] };
}

/** A token that was granted to a signal is heard of only by asking again. */
function answeredAgain(model: Model, first: Seen, answer: Answer): Model | undefined {
  if (answer.kind !== 'taken' || answer.status !== first.status) return undefined;
  if (first.claim === undefined) return answer.token === undefined ? model : undefined;
  const known = model.tokens[first.claim] ?? answer.token;
  if (answer.token === undefined || known !== answer.token) return undefined;
  return { ...model, tokens: model.tokens.with(first.claim, answer.token) };
}

/** undefined where it is refused. */
function told(model: Model, { name, body }: Message): Model | undefined {
  if (isOver(model)) return undefined;
  if (body.attemptToken !== undefined && body.attemptToken !== model.tokens.at(-1)) return undefined;
  if (name === 'update') return updated(model, body);
  if (name === 'complete') return completed(model, body);
  if (name !== 'claim' || waits(model)) return undefined;
  return { ...unblocked(model), status: 'in_progress', tokens: [...model.tokens, null] };
}

function updated(model: Model, body: Json): Model | undefined {
  const to = body.status;
  if (to !== undefined && to !== 'blocked' && waits(model)) return undefined;
  if (to !== undefined && !FOLLOWS[model.status]?.includes(String(to))) return undefined;
  const { title = model.title, progress = model.progress } = body as Partial<Model>;
  const next: Model = {
    ...model,
    title,
    ...(progress === undefined ? {} : { progress }),
    ...(body.context === undefined ? {} : { context: { ...model.context, ...(body.context as Json) } }),
    notes: body.note === undefined ? model.notes : [...model.notes, String(body.note)].slice(-NOTES_KEPT),
    artifacts: withResults(model, body),
  };
  if (to === 'blocked') {
    // What waits anyway goes on to wait for the same.
    if (waits(model) && body.note === undefined) return next;
    const blocked = { ...unblocked(next), status: 'blocked' as const };
    return body.note === undefined ? blocked : { ...blocked, blockedBy: String(body.note) };
  }
  return to === undefined || to === model.status ? next : { ...unblocked(next), status: to as Status };
}

function completed(model: Model, body: Json): Model | undefined {
  const failed = body.outcome === 'failed';
  if (!failed && waits(model)) return undefined;
  const status = failed ? 'failed' : 'completed';
  return { ...unblocked(model), status, summary: String(body.summary), artifacts: withResults(model, body) };
}

const withResults = ({ artifacts }: Model, { artifacts: added = [] }: Json): string[] => [
  ...new Set([...artifacts, ...(added as string[])]),
];

function unblocked({ blockedBy: _, ...rest }: Model): Model {
  return rest;
}

export const cancelled = (model: Model): Model =>
  isOver(model) ? model : { ...unblocked(model), status: 'cancelled' };

/** One that it may wait for has ended. */
export function withEnded(model: Model, id: string, status: Status): Model {
  const { waitsFor } = model;
  if (isOver(model) || !waitsFor?.some((one) => one.id === id)) return model;
  const open =
    status === 'completed'
      ? waitsFor.filter((one) => one.id !== id)
      : waitsFor.map((one) => (one.id === id ? { id, ended: status } : one));
  const next = { ...model, waitsFor: open };
  const isFree = open.length === 0 && model.blockedBy === 'dependencies';
  return isFree ? { ...unblocked(next), status: 'pending' } : next;
}

/** What a reader sees of it, as the query `state` names it. */
export function seenOf(model: Model): Json {
  const { status, title, progress, context, notes, artifacts, summary, blockedBy, waitsFor } = model;
  const forOthers = waitsFor
    ?.map(({ id, ended }) => (ended === undefined ? id : `${id}, which is ${ended}`))
    .join('; ');
  return {
    ...{ status, title, progress, context, notes, artifacts, summary },
    waitingFor: blockedBy === 'dependencies' ? forOthers : blockedBy,
    openDependencies: waitsFor?.map(({ id }) => id),
    claims: model.tokens.length === 0 ? undefined : model.tokens.length,
    ignoredMessages: model.ignored,
  };
}
