/** A gate of an execution: who decides it, what they decide on, and what was decided. */

import type { ExecutionState, GateView } from '../../domain/executions/execution-state.ts';
import { Chip } from '../decision/standing-chip.tsx';
import { momentText, sinceText } from '../shown/clock.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { EvidenceList } from '../shown/evidence-list.tsx';
import { Visible } from '../shown/visible.tsx';
import { withoutColours } from '../shown/visible-text.ts';
import { deciderText, standingOf } from './execution-words.ts';
import { Deciding } from './gate-decision.tsx';
import { GateWays } from './gate-ways.tsx';
import { Guarantees } from './guarantees.tsx';
import { isResolvable } from './part-ways.ts';

interface GateProps {
  readonly of: GateView;
  readonly execution: ExecutionState;
  readonly isOver: boolean;
}

export function GateCard({ of: gate, execution, isOver }: GateProps) {
  const { id, title, kind, status, digest, approvals, by, why, reworks, guarantees } = gate;
  const { sentBack, evidence = [] } = gate;
  const isOpen = status === 'open' && !isOver;
  return (
    <article id={`gate-${id}`} class={`card gate ${isOpen ? 'asks' : ''}`}>
      <div class="row spread">
        <h3>
          <span class="quiet">{kind === 'check' ? 'Check' : 'Gate'}</span> <Visible text={title ?? id} />
        </h3>
        <Chip of={standingOf(status, isOver)} />
      </div>
      <div class="quiet">
        {[
          id,
          deciderText(gate),
          ...(reworks > 0 ? [`sent back ${reworks === 1 ? 'once' : `${reworks} times`}`] : []),
        ].join(' · ')}
      </div>
      <SetBy of={gate} />
      {sentBack !== undefined && (
        <div>
          Sent back by {sentBack.by}: <Visible text={withoutColours(sentBack.reason)} />
        </div>
      )}
      <Approvals of={approvals} />
      {(why !== undefined || (by !== undefined && status !== 'approved')) && (
        <div>
          {by !== undefined && `${by}: `}
          <EngineWords text={withoutColours(why ?? status)} />
        </div>
      )}
      <Guarantees
        of={guarantees}
        {...(isResolvable(gate, execution) && { holder: { execution: execution.id, part: { gate: id } } })}
      />
      {evidence.length > 0 && <EvidenceList of={evidence} />}
      <Moments of={gate} isOpen={isOpen} />
      {digest !== undefined && (
        <div class="quiet">
          about <code>{digest}</code>
        </div>
      )}
      <GateWays of={gate} execution={execution} />
      <Deciding key={`${execution.id} ${id}`} execution={execution} gate={gate} isOpen={isOpen} />
    </article>
  );
}

const Approvals = ({ of }: { readonly of: GateView['approvals'] }) => (
  <>
    {of.map((approval) => (
      <div key={`${approval.by} ${approval.at}`}>
        Approved by {approval.by} via {approval.via}, {momentText(approval.at)}
        {approval.inside !== undefined && ` (inside ${approval.inside})`}
        {approval.reason !== undefined && (
          <>
            : <Visible text={approval.reason} />
          </>
        )}
      </div>
    ))}
  </>
);

function Moments({ of: gate, isOpen }: { readonly of: GateView; readonly isOpen: boolean }) {
  const moments = [
    ...(gate.openedAt !== undefined && isOpen ? [`waits ${sinceText(gate.openedAt)}`] : []),
    ...(gate.expiresAt !== undefined && isOpen ? [`expires ${momentText(gate.expiresAt)}`] : []),
    // Each approval says when.
    ...(gate.decidedAt === undefined || gate.approvals.length > 0
      ? []
      : [`decided ${momentText(gate.decidedAt)}`]),
  ];
  return moments.length === 0 ? null : <div class="quiet">{moments.join(' · ')}</div>;
}

/** Who has taken it from people, or given it to them. */
function SetBy({ of: { setBy, enabled, approvalTypeOverride } }: { readonly of: GateView }) {
  const settings = [
    [setBy?.enabled, enabled ? 'enabled' : 'disabled'],
    [setBy?.override, `set to ${approvalTypeOverride ?? 'what the loop says'}`],
  ] as const;
  return (
    <>
      {settings.map(
        ([setting, word]) =>
          setting !== undefined && (
            <div key={word}>
              {word} by {setting.by}, {momentText(setting.at)}
              {setting.reason !== undefined && (
                <>
                  : <Visible text={setting.reason} />
                </>
              )}
            </div>
          ),
      )}
    </>
  );
}
