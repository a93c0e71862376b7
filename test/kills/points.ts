/** The kill matrix as a table: where something is killed, and what. One row a point, in the order of a task's life. */

/** `engine` has its worker inside; `worker` is one alone, beside an engine without. */
export type Victim =
  | 'engine'
  | 'worker'
  | 'agent'
  | 'temporal'
  | 'engine and temporal'
  /** The step goes on to its end, but Temporal hangs by then: its answer is lost with both. */
  | 'engine and hanging temporal';

/** A git command of the engine's, right before or right after it runs. */
interface GitMoment {
  readonly moment: 'git-before' | 'git-after';
  /** A line of the journal's entry or the pull request's record says that it is this time. */
  readonly evidence: string;
  /** The command's arguments; any when empty. */
  readonly command: string;
}
/** A program that blocks by itself; the journal may have to say something before the kill. */
interface ProgramMoment {
  readonly moment: `${'setup' | 'check-setup' | 'agent' | 'check'}-${'start' | 'end'}` | 'agent-checkpoint';
  readonly noted?: string;
}
/** What the task itself shows; nothing blocks. */
interface StateMoment {
  readonly moment: 'awaiting_gate' | 'completed';
}
export type At = GitMoment | ProgramMoment | StateMoment;

export interface Point {
  readonly point: string;
  readonly at: At;
  readonly kills: readonly Victim[];
  /** The one that also the quick form does. */
  readonly quick?: Victim;
  /** What was not finished and so may run a second time. */
  readonly unfinished?: 'setup' | 'check-setup' | 'agent' | 'check';
}

const before = (evidence: string, command = ''): GitMoment => ({ moment: 'git-before', evidence, command });
const after = (evidence: string, command: string): GitMoment => ({ moment: 'git-after', evidence, command });
const in_ = (step: string) => `"activityType":"${step}"`;
const REPORTED = '^\\{"report":';
const MERGED = '"merged":';
const MOVES_BASE = 'pawl: merge pull request';

export const POINTS: readonly Point[] = [
  {
    point: 'before the workspace',
    at: before(in_('prepareWorkspace')),
    kills: ['engine', 'worker', 'temporal'],
  },
  { point: 'when the base is brought', at: after(in_('prepareWorkspace'), 'update-ref'), kills: ['engine'] },
  {
    point: 'when set-up starts',
    at: { moment: 'setup-start' },
    kills: ['engine', 'worker', 'temporal', 'engine and temporal'],
    quick: 'engine',
    unfinished: 'setup',
  },
  {
    point: 'when set-up ends',
    at: { moment: 'setup-end' },
    kills: ['engine', 'temporal'],
    unfinished: 'setup',
  },
  {
    point: 'before the first line of the agent',
    at: { moment: 'agent-start' },
    kills: ['engine', 'worker', 'agent', 'temporal'],
    unfinished: 'agent',
  },
  {
    point: 'after a checkpoint',
    at: { moment: 'agent-checkpoint', noted: '^\\{"checkpoint":.*"completed":\\["part-1"\\]' },
    kills: ['engine', 'worker', 'agent', 'temporal', 'engine and temporal'],
    quick: 'worker',
    unfinished: 'agent',
  },
  {
    point: 'before the agent exits',
    at: { moment: 'agent-end', noted: '^\\{"checkpoint":.*"completed":\\["part-1","part-2"\\]' },
    kills: ['engine', 'worker', 'agent', 'temporal'],
    quick: 'agent',
    unfinished: 'agent',
  },
  { point: 'between report and commit', at: before(REPORTED), kills: ['engine', 'worker', 'temporal'] },
  { point: 'when the commit is made', at: after(REPORTED, 'commit-tree'), kills: ['engine', 'worker'] },
  {
    point: 'between commit and answer',
    at: before(REPORTED, 'diff-tree'),
    kills: ['engine', 'worker', 'temporal', 'engine and hanging temporal'],
    quick: 'engine and hanging temporal',
  },
  {
    point: 'when set-up for the checks starts, its agent having ended',
    at: { moment: 'check-setup-start', noted: REPORTED },
    kills: ['engine', 'worker', 'temporal', 'engine and temporal'],
    quick: 'engine',
    unfinished: 'check-setup',
  },
  {
    point: 'when set-up for the checks ends',
    at: { moment: 'check-setup-end', noted: REPORTED },
    kills: ['engine', 'worker'],
    unfinished: 'check-setup',
  },
  { point: 'before the check', at: before(in_('runChecks')), kills: ['engine', 'worker'] },
  {
    point: 'when the check starts',
    at: { moment: 'check-start' },
    kills: ['engine', 'worker', 'temporal'],
    quick: 'temporal',
    unfinished: 'check',
  },
  {
    point: 'when the check ends',
    at: { moment: 'check-end' },
    kills: ['engine', 'worker'],
    unfinished: 'check',
  },
  { point: 'before the pull request', at: before(in_('publish')), kills: ['engine', 'worker', 'temporal'] },
  {
    point: 'between push and record',
    at: after(in_('publish'), 'pawl: push'),
    kills: ['engine', 'worker', 'temporal'],
    quick: 'engine',
  },
  {
    point: 'while a person is waited for',
    at: { moment: 'awaiting_gate' },
    kills: ['engine', 'worker', 'temporal', 'engine and temporal'],
    quick: 'engine and temporal',
  },
  { point: 'before the merge', at: before(in_('merge')), kills: ['engine', 'worker', 'temporal'] },
  {
    point: 'when the merge commit is made',
    at: after(in_('merge'), 'commit-tree'),
    kills: ['engine', 'worker'],
  },
  {
    point: 'before the base moves',
    at: before(in_('merge'), MOVES_BASE),
    kills: ['engine', 'worker', 'temporal'],
  },
  {
    point: 'between the moved base and its record',
    at: after(in_('merge'), MOVES_BASE),
    kills: ['engine', 'worker', 'temporal', 'engine and temporal'],
    quick: 'engine',
  },
  { point: 'before the clean-up', at: before(MERGED), kills: ['engine', 'worker'] },
  {
    point: 'between clean-up and answer',
    at: after(MERGED, 'update-ref'),
    kills: ['engine', 'worker', 'temporal', 'engine and hanging temporal'],
  },
  { point: 'after the end', at: { moment: 'completed' }, kills: ['engine', 'engine and temporal'] },
];
