/** What has to hold, as the engine last saw it, and what a person has said of what does not. */
import type { SkillView } from '../../domain/executions/execution-state.ts';
import { momentText } from '../shown/clock.ts';
import { Visible } from '../shown/visible.tsx';
import { GuaranteeWay, type Holder } from './guarantee-way.tsx';

type Guarantee = SkillView['guarantees'][number];

interface GuaranteesProps {
  readonly of: readonly Guarantee[];
  /** Whose they are, where one that does not hold can be resolved. */
  readonly holder?: Holder;
}

export function Guarantees({ of, holder }: GuaranteesProps) {
  if (of.length === 0) return null;
  return (
    <ul class="plain guarantees" aria-label="Guarantees">
      {of.map(({ id, text, required, passed, errors = [], commit, resolution }) => (
        <li key={id}>
          <span class={`chip ${lookOf(passed, resolution !== undefined)}`}>{wordOf(passed, resolution)}</span>{' '}
          <Visible text={text} />{' '}
          <span class="quiet">
            {id}
            {!required && ', not required'}
            {commit !== undefined && ` @ ${commit.slice(0, 7)}`}
          </span>
          {errors.map((error) => (
            <div key={error} class="inset">
              <Visible text={error} />
            </div>
          ))}
          {resolution !== undefined && (
            <div class="inset">
              {resolution.by}, {momentText(resolution.at)}: <Visible text={resolution.evidence} />
            </div>
          )}
          {holder !== undefined && passed === false && resolution === undefined && (
            <GuaranteeWay guarantee={id} holder={holder} />
          )}
        </li>
      ))}
    </ul>
  );
}

const lookOf = (passed: boolean | undefined, isResolved: boolean): string =>
  isResolved ? 'ask' : passed === undefined ? '' : passed ? 'good' : 'bad';

function wordOf(passed: boolean | undefined, resolution: Guarantee['resolution']): string {
  if (resolution !== undefined) return resolution.type.replaceAll('_', ' ');
  if (passed === undefined) return 'not looked at';
  return passed ? 'holds' : 'does not hold';
}
