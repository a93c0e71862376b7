/** The agents that can work here or have worked: what each is at, and how its tasks went. */
import { taskPage } from '../../domain/page-paths.ts';
import { priorityText } from '../../domain/priority.ts';
import type { AgentShown } from '../../edge/compat/dashboard/agents.ts';
import { calls } from '../client/ask.ts';
import { tasks } from '../client/known-rows.ts';
import { useAsked } from '../client/live.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { Visible } from '../shown/visible.tsx';
import { ordinal, type Queued, queueOf } from '../shown/wait-words.ts';

export function Agents() {
  // How many are under way and how many have ended is all of it that changes.
  const queue = queueOf(tasks.value);
  const standing = tasks.value.map(({ agent, status }) => `${agent} ${status}`).sort();
  standing.push(...queue.map(({ row }) => row.id).sort());
  const { value, problem } = useAsked(standing.join(), calls.agents);
  if (problem !== undefined)
    return (
      <p role="alert">
        <EngineWords text={problem.message} />
      </p>
    );
  if (value === undefined) return null;
  const shown = value.agents.filter(
    ({ status, counts }) => status !== 'unavailable' || Object.values(counts).some((count) => count > 0),
  );
  const missing = value.agents.filter((one) => !shown.includes(one));
  return (
    <section class="stack" aria-labelledby="agents">
      <h2 id="agents">Agents</h2>
      <ul class="plain agents">
        {shown.map((one) => (
          <li key={one.id} class="sheet stack">
            <div class="row spread">
              <strong>{one.name}</strong>
              <span class={`chip ${LOOKS[one.status]}`}>{wordOf(one)}</span>
            </div>
            <div class="quiet">{historyText(one)}</div>
            {one.status === 'unavailable' && <div class="quiet">{one.problem}</div>}
            {one.current_tasks.map((id) => (
              <a key={id} href={taskPage(id as never)}>
                {id}
              </a>
            ))}
            <Queue of={queue.filter(({ row }) => row.agent === one.id)} />
          </li>
        ))}
      </ul>
      {missing.length > 0 && (
        <details>
          <summary class="quiet">{missing.length} others cannot work on the engine's host, and why</summary>
          <dl class="facts sheet">
            {missing.map(({ id, name, problem: why }) => (
              <>
                <dt key={id}>{name}</dt>
                <dd>
                  <EngineWords text={why ?? ''} />
                </dd>
              </>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}

/** Those that wait for their turn, by their places among all of the host. */
function Queue({ of }: { readonly of: readonly Queued[] }) {
  if (of.length === 0) return null;
  return (
    <ol class="plain" aria-label="Queue">
      {of.slice(0, QUEUED_SHOWN_MAX).map(({ row, place }) => (
        <li key={row.id}>
          <span class="quiet">{ordinal(place)} in the queue:</span>{' '}
          <a href={taskPage(row.id)}>
            <Visible text={row.title} charsMax={60} />
          </a>
          {row.priority !== undefined && <span class="quiet"> ({priorityText(row.priority)})</span>}
        </li>
      ))}
      {of.length > QUEUED_SHOWN_MAX && <li class="quiet">and {of.length - QUEUED_SHOWN_MAX} more</li>}
    </ol>
  );
}

const QUEUED_SHOWN_MAX = 10;

const WORDS = { working: 'Working', ready: 'Ready', unavailable: 'Not set up' } as const;
const LOOKS = { working: 'busy', ready: 'good', unavailable: '' } as const;

/** They work by the command that a task brings, and have none without a task. */
const BY_COMMAND: readonly string[] = ['command', 'acp'];

const wordOf = ({ id, status }: AgentShown): string =>
  status === 'unavailable' && BY_COMMAND.includes(id) ? 'By its own command' : WORDS[status];

function historyText({ counts, success_rate: rate }: AgentShown): string {
  const { waiting, done, failed } = counts;
  return [
    ...(waiting > 0 ? [`${waiting} at a gate`] : []),
    rate === null ? 'no task has ended' : `${done} done, ${failed} failed (${Math.round(rate * 100)} % done)`,
  ].join(' · ');
}
