/** What may happen to some tasks and to the worker that works on them, as random sequences: plain data, made from a seed. */
import fc from 'fast-check';
import type { Cached, Ending } from './world.ts';

/** Symbols that only what has happened gives a value. */
export interface Words {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly malformed: boolean;
  readonly token: 'none' | 'latest' | 'older' | 'foreign';
  /** `again`: an earlier message of this task, as it was. `taken`: this one, by the id of an earlier one. */
  readonly id: 'new' | 'again' | 'taken';
  /** Which of the earlier ones. */
  readonly earlier: number;
  readonly channel: 'update' | 'signal';
}

export interface Told {
  readonly task: number;
  readonly messages: readonly Words[];
}

export type Step =
  /** One or two at once. */
  | ({ readonly kind: 'told' } & Told)
  | { readonly kind: 'burst'; readonly task: number; readonly channels: readonly Words['channel'][] }
  | { readonly kind: 'cancelled'; readonly task: number }
  /** The worker is another one from now on, to which messages come that were sent while there was none. */
  | ({
      readonly kind: 'away';
      readonly ending: Ending;
      readonly cached: Cached;
      /** A question waits for the worker before they do. */
      readonly asked: boolean;
    } & Told)
  /** It is killed while it handles them. */
  | ({ readonly kind: 'hit'; readonly cached: Cached; readonly afterMs: number } & Told);

export interface Start {
  /** Hands over to another run after so many events. */
  readonly eventsMax?: number;
  readonly context?: Readonly<Record<string, unknown>>;
  /** Shown in lists with its words, which costs an event for each change of them. */
  readonly planned: boolean;
  /** Numbers of tasks before it; -1 is one that there is not. */
  readonly dependencies: readonly number[];
}

export interface Sequence {
  readonly starts: readonly Start[];
  readonly steps: readonly Step[];
}

const word = fc.string({ minLength: 1, maxLength: 8 });
const few = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const compact = (one: object) =>
  Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined));

const update = fc
  .record({
    title: few(word),
    status: few(fc.constantFrom('pending', 'blocked', 'in_progress')),
    note: few(word),
    progress: few(fc.constantFrom(0, 0.25, 1)),
    context: few(
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat({ max: 9 }), { noNullPrototype: true }),
    ),
    artifacts: few(fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 2 })),
  })
  .map((body) => ({ name: 'update', body: compact(body), malformed: false }));
const claim = fc.constantFrom('ann', 'bob').map((by) => ({ name: 'claim', body: { by }, malformed: false }));
const complete = fc
  .record({
    summary: word,
    outcome: few(fc.constantFrom('completed', 'failed')),
    artifacts: few(fc.array(word, { maxLength: 2 })),
  })
  .map((body) => ({ name: 'complete', body: compact(body), malformed: false }));
const wrong = fc.constantFrom(
  { name: 'update', body: { progress: 2 }, malformed: true },
  { name: 'update', body: { status: 'awaiting_gate' }, malformed: true },
  { name: 'update', body: { note: 'good', colour: 'red' }, malformed: true },
  { name: 'claim', body: {}, malformed: true },
  { name: 'complete', body: { summary: '' }, malformed: true },
  { name: 'tell', body: { text: 'go on', by: 'ann' }, malformed: false },
  { name: 'approve_gate', body: { gate: 'approval', decision: 'approve', by: 'ann' }, malformed: false },
);

const said = fc.oneof(
  { arbitrary: update, weight: 14 },
  { arbitrary: claim, weight: 4 },
  { arbitrary: complete, weight: 2 },
  { arbitrary: wrong, weight: 3 },
);
const channel = fc.constantFrom('update' as const, 'signal' as const);
const often = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof(
    { arbitrary: fc.constant(usual), weight: 5 },
    { arbitrary: fc.constantFrom(...others), weight: 2 },
  );

const words: fc.Arbitrary<Words> = fc
  .record({
    said,
    token: often<Words['token']>('none', 'latest', 'older', 'foreign'),
    id: often<Words['id']>('new', 'again', 'taken'),
    earlier: fc.nat({ max: 20 }),
    channel,
  })
  .map(({ said: message, token, ...rest }) => ({
    ...message,
    ...rest,
    token: ['update', 'complete'].includes(message.name) && !message.malformed ? token : 'none',
  }));

const start = (at: number): fc.Arbitrary<Start> =>
  fc
    .record({
      eventsMax: few(fc.integer({ min: 14, max: 30 })),
      context: few(fc.constant({ a: 0, from: 'start' })),
      planned: fc.boolean(),
      dependencies: fc.oneof(
        { arbitrary: fc.constant([]), weight: 3 },
        { arbitrary: fc.uniqueArray(fc.integer({ min: -1, max: at - 1 }), { maxLength: 2 }), weight: 2 },
      ),
    })
    .map((one) => compact(one) as unknown as Start);

function step(tasks: number): fc.Arbitrary<Step> {
  const told = (max: number) => ({
    task: fc.nat({ max: tasks - 1 }),
    messages: fc.array(words, { minLength: 1, maxLength: max }),
  });
  // What is not kept is read anew, which is what may go wrong.
  const cached = fc.constantFrom<Cached>(0, 0, 2, 200);
  const afterMs = fc.nat({ max: 30 });
  const ending = fc.constantFrom<Ending>('kill', 'restart');
  return fc.oneof(
    { arbitrary: fc.record({ kind: fc.constant('told' as const), ...told(2) }), weight: 20 },
    {
      arbitrary: fc.record({
        kind: fc.constant('burst' as const),
        task: fc.nat({ max: tasks - 1 }),
        channels: fc.array(channel, { minLength: 4, maxLength: 12 }),
      }),
      weight: 2,
    },
    {
      arbitrary: fc.record({ kind: fc.constant('cancelled' as const), task: fc.nat({ max: tasks - 1 }) }),
      weight: 1,
    },
    {
      arbitrary: fc.record({
        kind: fc.constant('away' as const),
        ending,
        cached,
        asked: fc.boolean(),
        ...told(3),
      }),
      weight: 1,
    },
    { arbitrary: fc.record({ kind: fc.constant('hit' as const), cached, afterMs, ...told(2) }), weight: 1 },
  );
}

export const sequences: fc.Arbitrary<Sequence> = fc.integer({ min: 2, max: 4 }).chain((tasks) =>
  fc.record({
    starts: fc.tuple(...Array.from({ length: tasks }, (_, at) => start(at))),
    steps: fc.array(step(tasks), { minLength: 6, maxLength: 14, size: 'max' }),
  }),
);
