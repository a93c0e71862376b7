/** With what every workflow of Pawl's begins, whoever starts it: what lists show of it, and how long a workflow task may take. */
import { TypedSearchAttributes } from '@temporalio/common';
import type { Keyed } from '../domain/idempotency-key.ts';
import type { WorkflowType } from '../domain/ids.ts';
import { clip, LIMITS } from '../domain/limits.ts';
import { EDITION } from '../domain/task-record.ts';
import { PawlFacts, PawlKind, PawlRepository, PawlStatus, PawlTitle } from './search-attributes.ts';

export interface Beginning {
  readonly type: WorkflowType;
  /** Of what the caller asked for. */
  readonly digest: string;
  /** Of each of its parts. Only where a caller starts it, who may ask for another thing under the same id. */
  readonly parts?: Readonly<Record<string, string>>;
  readonly keyed: Keyed | undefined;
  readonly title: string;
  readonly status: string;
  readonly kind: string;
  /** Where it has one. */
  readonly repository?: string;
  /** What lists show of it in words, in the memo under its type. */
  readonly words: object;
  /** What else a row tells, as JSON: with what it has, a workflow upserts no more than what becomes another. Absent for none. */
  readonly facts?: string;
}

/**
 * The first workflow task comes with the answer to an eager start: where that answer is lost (a client that is killed, a
 * broken connection), and where a worker dies at a task, nobody does it until this has passed. Temporal's default of
 * 10 s is as long as a caller waits for an answer (`sending.ts`), so the first message would find nobody at home. A
 * history is bounded and its replay takes a fraction of a second.
 */
const WORKFLOW_TASK_TIMEOUT = '5 s';

export const begunAs = ({
  type,
  digest,
  parts,
  keyed,
  title,
  status,
  kind,
  repository,
  words,
  facts,
}: Beginning) => ({
  workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
  memo: {
    digest,
    ...(parts === undefined ? {} : { parts }),
    edition: EDITION,
    ...(keyed === undefined ? {} : { key: keyed.id }),
    [type]: words,
  },
  typedSearchAttributes: new TypedSearchAttributes([
    { key: PawlStatus, value: status },
    { key: PawlKind, value: kind },
    { key: PawlTitle, value: clip(title, LIMITS.titleAttributeCharsMax) },
    ...(repository === undefined ? [] : [{ key: PawlRepository, value: repository }]),
    ...(facts === undefined ? [] : [{ key: PawlFacts, value: facts }]),
  ]),
  staticSummary: clip(title, LIMITS.titleShownCharsMax),
});
