/** What a run would be, before it is started: who works, what judges it, what it may cost. */
import { counted } from '../../domain/counted.ts';
import { calls } from '../client/ask.ts';
import { useAsked } from '../client/live.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { checksFrom, type Typed } from './new-run.ts';

type Wanted = Omit<Typed, 'requirement' | 'priority'>;

const MONEY = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD' });

export const costText = (usd: number | null): string => (usd === null ? 'no limit set' : MONEY.format(usd));

export function Preview({ repository, agent, checks }: Wanted) {
  const { value, problem } = useAsked(JSON.stringify([repository, agent, checks]), async () => {
    const own = checksFrom(checks);
    return calls.preview({
      repository,
      ...(agent !== '' && { agent: { name: agent } }),
      ...(own.length > 0 && { checks: own }),
    });
  });
  if (problem !== undefined)
    return (
      <p class="quiet">
        <EngineWords text={problem.message} />
      </p>
    );
  if (value === undefined) return null;
  const { base, checks: judges, costUsdMax, policy } = value;
  return (
    <dl class="facts">
      <dt>Works</dt>
      <dd>
        {value.agent}, from {base}, at most {counted(policy.attemptsMax, 'attempt')}
      </dd>
      <dt>Judged by</dt>
      <dd>
        {judges.length === 0
          ? 'no check: nothing but the person who approves'
          : judges.map(({ name }) => name).join(', ')}
      </dd>
      <dt>Costs at most</dt>
      <dd>{costText(costUsdMax)}</dd>
    </dl>
  );
}
