/** What a person can do about a gate other than to decide it. */
import type { ExecutionState, GateView } from '../../domain/executions/execution-state.ts';
import { calls } from '../client/ask.ts';
import { gateWays } from './part-ways.ts';
import { Reasoned } from './reasoned.tsx';
import { Steering } from './steering.tsx';

interface GateWaysProps {
  readonly of: GateView;
  readonly execution: ExecutionState;
}

export function GateWays({ of: gate, execution }: GateWaysProps) {
  const { id } = execution;
  const ways = gateWays(gate, execution);
  if (ways.length === 0) return null;
  const disable = (reason: string, key: string) =>
    calls.steerExecution(
      id,
      { steer: { act: 'set_gates', gate: gate.id, enabled: false, reason }, via: 'http' },
      key,
    );
  const approve = (reason: string, key: string) =>
    calls.decideGate(
      id,
      gate.id,
      { decision: 'approve', reason, ...(gate.digest !== undefined && { digest: gate.digest }), via: 'http' },
      key,
    );
  return (
    <div class="row ways">
      {ways.includes('look') && (
        <Steering execution={id} steer={{ act: 'look', gate: gate.id }} word="Look again" />
      )}
      {ways.includes('enable') && (
        <Steering
          execution={id}
          scope="approve"
          steer={{ act: 'set_gates', gate: gate.id, enabled: true }}
          word="Let it count again"
        />
      )}
      {ways.includes('approve') && (
        <Reasoned summary="Approve it after all…" word="Approve it" send={approve} />
      )}
      {ways.includes('disable') && (
        <Reasoned
          summary="Go on without it…"
          about="The gate does not count any more in this execution: nobody is asked, and what it looks at holds nothing up."
          word="Go on without it"
          send={disable}
        />
      )}
    </div>
  );
}
