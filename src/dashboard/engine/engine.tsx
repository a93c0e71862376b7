/** How the engine is: what a person should look at first, then what it is made of, then how tasks went. */
import { useComputed, useSignal } from '@preact/signals';
import { tasks } from '../client/known-rows.ts';
import { useTabTitle } from '../client/open-decisions.ts';
import { usePaced } from '../shown/paced.ts';
import { Problem } from '../shown/problem.tsx';
import { ChartOf } from './chart.tsx';
import { chartsOf, STEPS, type Step } from './chart-series.ts';
import { Health, Numbers } from './engine-health.tsx';
import { CallErrors, FailingTasks, Restarts } from './engine-lists.tsx';
import { useVitals } from './use-vitals.ts';
import './engine.css';

export function Engine() {
  useTabTitle('Engine');
  const { value: vitals, problem } = useVitals();
  return (
    <div class="stack">
      <h1>Engine</h1>
      {problem !== undefined && <Problem of={problem} />}
      {vitals === undefined ? (
        problem === undefined && <p class="quiet">Asking…</p>
      ) : (
        <>
          <Health of={vitals} />
          <FailingTasks of={vitals.failing} />
          <Numbers of={vitals} />
          <CallErrors of={vitals.calls.errors} />
          <Restarts of={vitals.restarts} />
        </>
      )}
      <Charts />
    </div>
  );
}

const DRAWN_EVERY_MS = 2_000;

function Charts() {
  const step = useSignal<Step>('hour');
  const rows = usePaced(
    useComputed(() => tasks.value),
    DRAWN_EVERY_MS,
  );
  return (
    <section class="stack" aria-labelledby="over-time">
      <div class="row spread">
        <h2 id="over-time">Over time</h2>
        <fieldset class="row steps">
          <legend class="visually-hidden">Span of the charts</legend>
          {(Object.keys(STEPS) as Step[]).map((one) => (
            <label key={one} class="inline">
              <input
                type="radio"
                name="step"
                checked={step.value === one}
                onChange={() => {
                  step.value = one;
                }}
              />
              {STEPS[one].words}
            </label>
          ))}
        </fieldset>
      </div>
      <p class="quiet">
        Of the tasks in lists; archived ones are not counted. How long gates waited is known of tasks that
        have changed since the engine started.
      </p>
      <div class="charts">
        {chartsOf(rows, step.value, Date.now()).map((chart) => (
          <ChartOf key={chart.title} of={chart} isHourly={step.value === 'hour'} />
        ))}
      </div>
    </section>
  );
}
