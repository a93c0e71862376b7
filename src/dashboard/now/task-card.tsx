/** A task that is under way: what it does now, for how long, and what it has used. */
import { clip } from '../../domain/limits.ts';
import { decisionPage, taskPage } from '../../domain/page-paths.ts';
import { priorityText } from '../../domain/priority.ts';
import type { TaskRow } from '../../domain/rows.ts';
import type { Gate } from '../../domain/task-state.ts';
import { useTask } from '../client/live.ts';
import type { Waiting } from '../client/ranked-decisions.ts';
import { HEADINGS, openGate, questionOf } from '../decision/decision-standing.ts';
import { useLastLine } from '../log/log-tail.ts';
import { sinceText } from '../shown/clock.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { lastOf } from '../shown/last-of.ts';
import { Rail } from '../shown/rail.tsx';
import { Status } from '../shown/status.tsx';
import { usageText } from '../shown/usage-text.ts';
import { Visible } from '../shown/visible.tsx';
import { waitText } from '../shown/wait-words.ts';

/** A card shows what it is about; all of it is on the page of the task. */
const TITLE_CHARS_MAX = 160;

interface Shown {
  readonly row: TaskRow;
  /** Where a person decides about it. */
  readonly waiting?: Waiting;
}

export function TaskCard({ row, waiting }: Shown) {
  const { value: state } = useTask(row.id);
  // Lists are told first.
  const waitsFor = row.waitsFor ?? state?.waitingFor;
  const facts = [
    priorityText(row.priority),
    row.agent,
    row.repository === undefined ? undefined : lastOf(row.repository),
    usageText(row.usage),
  ];
  return (
    <article class={`card ${waiting === undefined ? '' : 'asks'}`}>
      <div class="row spread head">
        <a class="title brief-title" href={waiting === undefined ? taskPage(row.id) : decisionPage(row.id)}>
          <Visible text={clip(row.title, TITLE_CHARS_MAX)} />
        </a>
        <Status of={row.status} />
      </div>
      {state !== undefined && <Rail of={state} />}
      {waiting !== undefined && <WaitingFor of={waiting} asked={state && openGate(state)} />}
      {waiting === undefined && waitsFor !== undefined && (
        <div class="quiet">
          <EngineWords text={waitText(waitsFor, row.agent)} />
        </div>
      )}
      {row.status === 'in_progress' && <LastLine id={row.id} attempt={row.attempt} />}
      <div class="row spread quiet">
        <span>{facts.filter((one) => one !== undefined).join(' · ')}</span>
        <span>{sinceText(row.startedAt)}</span>
      </div>
    </article>
  );
}

interface WaitingProps {
  readonly of: Waiting;
  /** Absent until the task's state is there: its row does not say what an approval is about. */
  readonly asked: Gate | undefined;
}

const WaitingFor = ({ of: { gate, since, blocks }, asked }: WaitingProps) => (
  <div>
    {asked === undefined ? (GATES[gate] ?? gate) : HEADINGS[questionOf(asked)]}
    {since !== undefined && `, for ${sinceText(since)}`}
    {blocks > 0 && `; holds up ${blocks} ${blocks === 1 ? 'task' : 'tasks'}`}
  </div>
);

const GATES: Readonly<Record<string, string>> = {
  approval: 'It waits for an approval',
  escalation: HEADINGS.escalation,
};

function LastLine({ id, attempt }: { readonly id: string; readonly attempt: number | undefined }) {
  const text = useLastLine(id, attempt);
  return <div class="last-line mono">{text !== undefined && <Visible text={text} charsMax={500} />}</div>;
}
