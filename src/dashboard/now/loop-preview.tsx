/** What an execution of a loop would be, before it is begun: with what, who works, what judges it, what it may come to. */
import { type Given, inputText, judgesOf, workBounds } from '../../domain/loops/plan-words.ts';
import type { OutputOf } from '../../domain/operations.ts';
import { Visible } from '../shown/visible.tsx';
import { costText } from './preview.tsx';

interface Props {
  readonly of: OutputOf<'loop'>;
  readonly given: Given;
}

export function LoopPreview({ of: { plan, checks }, given }: Props) {
  const agents = plan.phases.flatMap(({ skills }) => skills.flatMap((skill) => skill.agents ?? []));
  const judges = judgesOf(plan);
  return (
    <dl class="facts">
      {plan.inputs.length > 0 && (
        <>
          <dt>Inputs</dt>
          <dd>
            <ul class="plain">
              {plan.inputs.map((input) => (
                <li key={input.name}>
                  <Visible text={inputText(input, given)} />
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
      {given.priority !== undefined && (
        <>
          <dt>Priority</dt>
          <dd>{given.priority}</dd>
        </>
      )}
      <dt>Goes through</dt>
      <dd>
        <Visible text={plan.phases.map(({ id, title }) => title ?? id).join(' → ')} />
      </dd>
      <dt>Works</dt>
      <dd>
        <Visible text={[...new Set(agents)].join(', ') || 'no agent'} />
      </dd>
      <dt>Judged by</dt>
      <dd>
        <ul class="plain">
          {judges.map(({ id, by }) => (
            <li key={id}>
              <strong>{id}</strong>: <Visible text={by.join('; ')} />
            </li>
          ))}
          {checks.length > 0 && (
            <li>
              where it says all checks: <Visible text={checks.map(({ name }) => name).join(', ')} />
            </li>
          )}
          {judges.length === 0 && <li>nothing: nobody is asked, and no check is run</li>}
        </ul>
      </dd>
      <dt>Costs at most</dt>
      <dd>{costText(plan.budget?.usd ?? null)}</dd>
      <dt>At most</dt>
      <dd>{workBounds(plan).join(', ')}</dd>
    </dl>
  );
}
