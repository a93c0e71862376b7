/** The gates of a task: what the engine checked, and what people decided. */
import type { Gate, TaskState } from '../../domain/task-state.ts';
import { decisionText } from '../decision/decision-standing.ts';
import { momentText } from '../shown/clock.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { EvidenceList } from '../shown/evidence-list.tsx';
import { Visible } from '../shown/visible.tsx';

const LOOKS: Readonly<Record<Gate['status'], string>> = {
  open: 'ask',
  approved: 'good',
  passed: 'good',
  rejected: 'bad',
  failed: 'bad',
  unverified: 'ask',
  stale: '',
};

export function GateList({ of: { gates } }: { readonly of: TaskState }) {
  if (gates.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="gates">
      <h2 id="gates">Gates</h2>
      {gates.map((gate, at) => (
        <One key={gate.id ?? at} of={gate} isLast={at === gates.length - 1} />
      ))}
    </section>
  );
}

function One({ of, isLast }: { readonly of: Gate; readonly isLast: boolean }) {
  const { id, gate, status, commit, question, reason, evidence, openedAt, decidedAt, by } = of;
  return (
    <details class="sheet" open={isLast && gate === 'check'}>
      <summary>
        <span class={`chip ${LOOKS[status]}`}>{status}</span> <strong>{id ?? gate}</strong>{' '}
        <span class="quiet">
          {commit !== undefined && `${commit.slice(0, 7)} `}
          {by !== undefined && <Visible text={decisionText(of)} />}
        </span>
      </summary>
      <div class="stack">
        <dl class="facts">
          <Fact
            name={gate === 'approval' && of.permission === undefined ? 'Shown' : 'Question'}
            text={question}
            isSaid
          />
          {/* Who decided says why as well. */}
          <Fact name="Why" text={by === undefined ? reason : undefined} isSaid />
          <Fact name={gate === 'check' ? 'Begun' : 'Asked'} text={openedAt && momentText(openedAt)} />
          <Fact name={gate === 'check' ? 'Ended' : 'Decided'} text={decidedAt && momentText(decidedAt)} />
        </dl>
        {gate === 'check' && (status !== 'failed' || evidence?.length !== 0) && (
          <EvidenceList of={evidence ?? []} />
        )}
      </div>
    </details>
  );
}

interface FactProps {
  readonly name: string;
  readonly text: string | undefined;
  /** Words of the engine, in which commands stand between backticks. */
  readonly isSaid?: boolean;
}

export function Fact({ name, text, isSaid = false }: FactProps) {
  if (text === undefined || text === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{isSaid ? <EngineWords text={text} /> : <Visible text={text} />}</dd>
    </>
  );
}
