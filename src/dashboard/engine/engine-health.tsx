/** Whether the engine is well, by its parts; and its numbers. */

import type { Vitals } from '../../domain/engine-vitals.ts';
import { bytesText } from '../shown/bytes-text.ts';
import { momentText } from '../shown/clock.ts';
import { durationText } from '../shown/duration-text.ts';
import { EngineWords } from '../shown/engine-words.tsx';

const WORKER_LOOKS: Readonly<Record<Vitals['worker']['state'], string>> = {
  starting: 'busy',
  running: 'good',
  restarting: 'busy',
  stopped: 'bad',
  elsewhere: '',
};

export function Health({ of }: { readonly of: Vitals }) {
  const { healthy, stopping, warnings, temporal, database, worker } = of;
  return (
    <section class="sheet stack" aria-labelledby="health">
      <div class="row spread">
        <h2 id="health">Health</h2>
        <span role="status">
          {stopping ? (
            <span class="chip ask">stopping</span>
          ) : (
            <span class={`chip ${healthy ? 'good' : 'bad'}`}>{healthy ? 'healthy' : 'not healthy'}</span>
          )}
        </span>
      </div>
      <ul class="plain row">
        <Part name="Worker" word={worker.state} look={WORKER_LOOKS[worker.state]} />
        <Part
          name="Temporal"
          word={temporal.reachable ? 'reachable' : 'not reachable'}
          look={lookOf(temporal)}
        />
        <Part
          name="Database"
          word={database.reachable ? 'reachable' : 'not reachable'}
          look={lookOf(database)}
        />
      </ul>
      {warnings.length > 0 && (
        <ul class="warnings">
          {warnings.map((warning) => (
            <li key={warning}>
              <EngineWords text={warning} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const lookOf = ({ reachable }: { readonly reachable: boolean }): string => (reachable ? 'good' : 'bad');

const Part = ({
  name,
  word,
  look,
}: {
  readonly name: string;
  readonly word: string;
  readonly look: string;
}) => (
  <li>
    {name} <span class={`chip ${look}`}>{word}</span>
  </li>
);

export function Numbers({ of }: { readonly of: Vitals }) {
  const { calls, worker, temporal, database, tasks } = of;
  const facts: readonly (readonly [string, string])[] = [
    ['Version', of.version],
    ['Up for', durationText(of.uptimeSeconds * 1_000)],
    ['Since', momentText(of.startedAt)],
    ['Process id', String(of.pid)],
    ['Memory', bytesText(of.memoryBytes)],
    ['CPU time', durationText(of.cpuSeconds * 1_000)],
    ['Calls answered', calls.count.toLocaleString()],
    ['Half of calls within', ms(calls.p50Ms)],
    ['95 % of calls within', ms(calls.p95Ms)],
    ['Workers polling', worker.polling === null ? 'not known' : String(worker.polling)],
    ['Temporal at', temporal.address ?? 'not known'],
    ['Its database lists in', ms(database.readMs)],
    ['Clients', of.clients.toLocaleString()],
    ['Connections', of.connections.toLocaleString()],
    ...Object.entries(tasks ?? {}).map(([status, count]): [string, string] => [
      `Tasks ${status === 'awaiting_gate' ? 'at a gate' : status.replaceAll('_', ' ')}`,
      count.toLocaleString(),
    ]),
  ];
  return (
    <section class="sheet stack" aria-labelledby="numbers">
      <h2 id="numbers">Numbers</h2>
      <dl class="numbers">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const ms = (value: number | null): string =>
  value === null ? 'not known' : `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} ms`;
