/** A chart, and the same as a table for whoever does not see it or wants the numbers. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Scrolled } from '../shown/scrolled.tsx';
import { type Chart, isEmpty } from './chart-series.ts';

interface ChartProps {
  readonly of: Chart;
  /** Whether a step is an hour, which has no date. */
  readonly isHourly: boolean;
}

export function ChartOf({ of: chart, isHourly }: ChartProps) {
  const none = isEmpty(chart);
  return (
    <figure class="sheet chart">
      <figcaption>
        <h3>{chart.title}</h3>
      </figcaption>
      {none ? (
        <p class="quiet">Nothing yet.</p>
      ) : (
        <>
          <Drawn of={chart} />
          <details>
            <summary>As a table</summary>
            <Scrolled class="wide" name={chart.title}>
              <Table of={chart} isHourly={isHourly} />
            </Scrolled>
          </details>
        </>
      )}
    </figure>
  );
}

/** Drawn anew for other numbers, and where the page's colours change. */
function Drawn({ of: chart }: { readonly of: Chart }) {
  const place = useRef<HTMLDivElement>(null);
  const problem = useSignal<string>();
  const isDark = useSignal(matchMedia('(prefers-color-scheme: dark)').matches);
  const numbers = JSON.stringify([chart.times, chart.lines]);
  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)');
    const hear = () => {
      isDark.value = media.matches;
    };
    media.addEventListener('change', hear);
    return () => media.removeEventListener('change', hear);
  }, []);
  useEffect(() => {
    let end: (() => void) | undefined;
    let isCurrent = true;
    import('./chart-drawing.ts').then(
      ({ drawChart }) => {
        if (isCurrent && place.current !== null) end = drawChart(place.current, chart);
      },
      () => {
        problem.value = 'The chart could not be loaded: its numbers are in the table.';
      },
    );
    return () => {
      isCurrent = false;
      end?.();
    };
  }, [numbers, isDark.value]);
  return (
    <>
      <div ref={place} class="drawn" aria-hidden="true" />
      {problem.value !== undefined && <p role="alert">{problem}</p>}
    </>
  );
}

const HOUR = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

function Table({ of: { title, unit, times, lines }, isHourly }: ChartProps) {
  return (
    <table>
      <caption class="visually-hidden">
        {title}, in {unit}
      </caption>
      <thead>
        <tr>
          <th scope="col">From</th>
          {lines.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {times.map((time, place) => (
          <tr key={time}>
            <th scope="row">{(isHourly ? HOUR : DAY).format(new Date(time * 1_000))}</th>
            {lines.map(({ name, values }) => (
              <td key={name}>{values[place]?.toLocaleString() ?? '–'}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
