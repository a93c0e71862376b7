import { describe, expect, it } from 'vitest';
import { createEarlyWatch, type Seen } from '../../src/workflows/early-news.ts';

const begun = (over: Partial<Seen> = {}): Seen => ({
  ...{ isReplaying: false, events: 3, bytes: 0, startedAt: 1_000, at: 5_000 },
  ...over,
});
const replayed = begun({ isReplaying: true });
/** A workflow task of its own: later, with a longer history. */
const done = begun({ events: 8, bytes: 900, startedAt: 2_000 });
/** What is scheduled and has not started. */
const unstarted = begun({ events: 7 });
const asked = begun({ question: 'legacy_query', isReplaying: true });
const askedInTask = begun({ question: 'of-the-task', isReplaying: true });

const CASES: readonly { readonly name: string; readonly seen: readonly Seen[]; readonly early?: number }[] = [
  {
    name: 'begins, works, is asked and works',
    seen: [begun(), done, asked, { ...done, events: 14, bytes: 1_700 }],
  },
  { name: 'is read for a question', seen: [replayed, asked, done, asked] },
  {
    name: 'is read for a workflow task that is asked something with it',
    seen: [replayed, done, askedInTask, asked],
  },
  {
    name: 'is read for a workflow task and works on',
    seen: [replayed, done, { ...done, events: 14, startedAt: 3_000 }, asked],
  },
  { name: 'is told what has not started', seen: [replayed, unstarted], early: 1 },
  { name: 'is told so in the cache', seen: [begun(), done, asked, { ...done, events: 12 }], early: 3 },
  {
    name: 'is read for a question with what another worker has begun',
    seen: [replayed, done, asked],
    early: 2,
  },
  { name: 'is asked when that question is given up', seen: [replayed, done, { ...asked, at: 15_000 }] },
  { name: 'is asked so after two steps of one task', seen: [replayed, done, done, asked], early: 3 },
  {
    name: 'meets a clock that stands',
    seen: [begun({ bytes: 0 }), begun({ events: 8, bytes: 0, startedAt: 1_001 })],
  },
];

describe('an activation that comes before its workflow task', () => {
  it.each(CASES)('$name', ({ seen, early }) => {
    const isEarly = createEarlyWatch();
    const found = seen.map(isEarly).indexOf(true);
    expect(found).toBe(early ?? -1);
  });
});
