/**
 * What lists filter on and what the Temporal Web UI shows of a workflow. An upsert costs one event, details none. What it is that
 * is shown, its workflow says (`task-face.ts`).
 */
import {
  type ContinueAsNewOptions,
  setCurrentDetails,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { PawlAttempt, PawlChanged, PawlFacts, PawlGate, PawlStatus } from './search-attributes.ts';

/** What lists filter on. */
export interface Shown {
  readonly status: string;
  readonly attempt: number;
  /** The kind of the gate that is open; '' while none is. */
  readonly gate: string;
  /** Absent where lists are not told it. */
  readonly changedAt: string | undefined;
  /** What else a row of a list tells, as JSON, without fields `NO_FACTS`. */
  readonly facts: string;
}

/** What a list says in words: JSON, under a name of its own in the memo. */
export interface Words {
  readonly name: string;
  readonly json: string;
}

/** How a workflow looks now. */
export interface Face {
  readonly shown: Shown;
  /** Absent where the memo is not kept up. */
  readonly words: Words | undefined;
  /** Markdown. */
  readonly details: string;
}

/**
 * Answers a function that shows the workflow as it is now, and upserts only what has changed since. A workflow is started, and
 * goes on after continue-as-new, with its first state in its attributes.
 */
export function createSurface(faceNow: () => Face): () => void {
  let { shown: last, words: lastWords } = faceNow();
  return () => {
    const { shown: now, words, details } = faceNow();
    const attributes = attributesOf(now, last);
    // What else lists tell goes along: an upsert of its own would cost an event.
    if (attributes.length > 0) upsertSearchAttributes([...attributes, ...factsIn(now, last)]);
    last = attributes.length > 0 ? now : { ...now, facts: last.facts };
    if (words !== undefined && words.json !== lastWords?.json) upsertMemo(memoOf(words));
    lastWords = words;
    setCurrentDetails(details);
  };
}

/**
 * The same for the run that goes on after this one: by itself it would have what this one was started with.
 * @param edition the rules that the next run lives by: today's, whichever this one was started under
 */
export function carriedSurface({ shown, words }: Face, edition: number): ContinueAsNewOptions {
  const { memo, typedSearchAttributes } = workflowInfo();
  return {
    memo: { ...memo, ...(words === undefined ? {} : memoOf(words)), edition },
    typedSearchAttributes: typedSearchAttributes.updateCopy([...attributesOf(shown), ...factsIn(shown)]),
  };
}

const memoOf = ({ name, json }: Words): Record<string, unknown> => ({ [name]: JSON.parse(json) });

/** The fields that differ from before. */
const attributesOf = (now: Shown, last?: Shown) => [
  ...(now.status === last?.status ? [] : [{ key: PawlStatus, value: now.status }]),
  ...(now.attempt === (last?.attempt ?? 0) ? [] : [{ key: PawlAttempt, value: now.attempt }]),
  ...(now.gate === last?.gate ? [] : [{ key: PawlGate, value: now.gate === '' ? null : now.gate }]),
  ...(now.changedAt === last?.changedAt || now.changedAt === undefined
    ? []
    : [{ key: PawlChanged, value: new Date(now.changedAt) }]),
];

const factsIn = ({ facts }: Shown, last?: Shown) =>
  facts === (last?.facts ?? NO_FACTS) ? [] : [{ key: PawlFacts, value: facts === NO_FACTS ? null : facts }];

const NO_FACTS = '{}';
