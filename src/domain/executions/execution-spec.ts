/** What an execution is started with: it never changes. */
import type { ExecutionId } from '../ids.ts';
import type { LoopDefinition } from '../loops/definition.ts';
import type { LoopPlace } from '../loops/found-loop.ts';
import type { Value } from '../loops/value-types.ts';
import type { PriorityWord } from '../priority.ts';
import type { CheckDefinition } from '../task-spec.ts';
import type { Autonomy, MODES } from './execution-state.ts';

export interface ExecutionSpec {
  readonly id: ExecutionId;
  readonly title: string;
  /** As it was when the execution was started, whatever becomes of its file. */
  readonly loop: LoopDefinition;
  readonly digest: string;
  readonly source: LoopPlace;
  readonly inputs: Readonly<Record<string, Value>>;
  /** Name of the token that asked for it. */
  readonly requester: string;
  /** Real path of the top folder of the repository in which it is worked. */
  readonly project: string;
  /** What was checked out there at the start: what counts as changed is measured from it. */
  readonly baseCommit: string;
  /**
   * The branch that was checked out then. Present where agents and commands of the loop are run by the engine: then the execution
   * has a branch of its own, on which they work one after the other, and what is delivered goes here. Absent: a client does all.
   */
  readonly base?: string;
  /** Tasks that run beside each other share what is left of the budget. Absent in executions that began before that. */
  readonly sharesBudget?: true;
  /** Items of a list that write are merged in its order. Absent in executions that began before that. */
  readonly mergesInOrder?: true;
  /** Where its guides are, by name: a path in the repository, or one of the host. Present where the engine tells agents of them. */
  readonly guides?: Readonly<Record<string, string>>;
  /** The SKILL.md of each as it was then, by its digest in the artifact store. Absent in executions that began before it was kept. */
  readonly guideTexts?: Readonly<Record<string, string>>;
  readonly autonomy: Autonomy;
  /** Of its tasks. Absent: normal. */
  readonly priority?: PriorityWord;
  readonly mode?: (typeof MODES)[number];
  /** Those of the loop and of the base commit's `pawl.yaml`, of which a check gate names some. */
  readonly checks: readonly CheckDefinition[];
  /** Queue of the host that has the project. */
  readonly host: string;
  readonly startedAt: string;
}
