/** The attempts of a task: why there was each, by whom, what came of it and what it used. */

import { outcomeOf, outcomeText, whyText } from '../../domain/attempt-words.ts';
import type { Attempt } from '../../domain/task-state.ts';
import { usageOf } from '../../domain/usage-sum.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { Scrolled } from '../shown/scrolled.tsx';
import { usageText } from '../shown/usage-text.ts';
import { Visible } from '../shown/visible.tsx';

const LOOKS = { running: 'busy', done: 'good', failed: 'bad', cancelled: '', told: '', asked: 'ask' };

export function AttemptTable({ of }: { readonly of: readonly Attempt[] }) {
  if (of.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="attempts">
      <h2 id="attempts">Attempts</h2>
      <Scrolled class="sheet broad" name="Table of the attempts">
        <table class="attempts">
          <thead>
            <tr>
              <th scope="col">No.</th>
              <th scope="col">Why</th>
              <th scope="col">Agent</th>
              <th scope="col">Outcome</th>
              <th scope="col">Used</th>
            </tr>
          </thead>
          <tbody>
            {of.map((attempt, at) => (
              <Row key={attempt.number} of={attempt} next={of[at + 1]} />
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

interface RowProps {
  readonly of: Attempt;
  readonly next: Attempt | undefined;
}

function Row({ of, next }: RowProps) {
  const { number, agent, commit, session } = of;
  const outcome = outcomeOf(of, next);
  const text = outcomeText(of, next);
  return (
    <tr>
      <th scope="row">{number}</th>
      <td>{whyText(of)}</td>
      <td>
        <Visible text={agent} />
        {session !== undefined && (
          <div class="quiet mono">
            <Visible text={session} />
          </div>
        )}
      </td>
      <td>
        <span class={`chip ${LOOKS[outcome]}`}>{outcome}</span>{' '}
        {commit !== undefined && <span class="mono quiet">{commit.slice(0, 7)}</span>}
        {text !== undefined && (
          <div>
            <EngineWords text={text} />
          </div>
        )}
      </td>
      <td>
        {usageText(usageOf([of])) ?? <span class="quiet">not told{outcome === 'running' && ' yet'}</span>}
      </td>
    </tr>
  );
}
