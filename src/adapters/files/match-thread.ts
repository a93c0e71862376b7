/** The thread of `bounded-matcher.ts`: matches one glob or pattern with many texts, and tells of each. */
import { parentPort, workerData } from 'node:worker_threads';
import { matching } from './globs.ts';

/** What a thread is given. */
export interface MatchTask {
  readonly kind: 'glob' | 'pattern';
  readonly source: string;
  readonly texts: readonly string[];
}

if (parentPort !== null) {
  const { kind, source, texts } = workerData as MatchTask; // from the one that starts it
  parentPort.postMessage('begins');
  const pattern = kind === 'pattern' ? new RegExp(source, 'mu') : undefined;
  // Of globs all are told at once: there are many paths, and each is short.
  if (pattern === undefined) {
    const found = new Set(matching(texts, [source]));
    parentPort.postMessage(texts.map((text) => found.has(text)));
  } else for (const text of texts) parentPort.postMessage([pattern.test(text)]);
}
