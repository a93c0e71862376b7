/** What went wrong in the engine: tasks whose code fails, calls that were refused, restarts of the worker. */
import type { Vitals } from '../../domain/engine-vitals.ts';
import { executionPage, taskPage } from '../../domain/page-paths.ts';
import { momentText, sinceText } from '../shown/clock.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { Scrolled } from '../shown/scrolled.tsx';
import { Visible } from '../shown/visible.tsx';

/** The latest first. */
const ERRORS_SHOWN_MAX = 50;

export function FailingTasks({ of }: { readonly of: Vitals['failing'] }) {
  if (of === null || of.length === 0) return null;
  return (
    <section class="sheet stack held-up" aria-labelledby="failing">
      <h2 id="failing">Tasks that fail now</h2>
      <ul class="plain stack">
        {of.map(({ id, since, problem, remedy }) => (
          <li key={id}>
            <a href={id.startsWith('x_') ? executionPage(id as never) : taskPage(id as never)}>{id}</a>{' '}
            <span class="quiet">for {sinceText(since)}</span>
            <div>
              <EngineWords text={problem} />
            </div>
            <div>
              <strong>Remedy:</strong> <EngineWords text={remedy} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function CallErrors({ of }: { readonly of: Vitals['calls']['errors'] }) {
  if (of.length === 0) return null;
  return (
    <section class="sheet stack" aria-labelledby="errors">
      <h2 id="errors">Calls without a result</h2>
      {of.length > ERRORS_SHOWN_MAX && (
        <p class="quiet">
          The latest {ERRORS_SHOWN_MAX} of {of.length}: <code>pawl vitals --json</code> has all.
        </p>
      )}
      <Scrolled class="wide" name="Calls without a result">
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Call</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {of
              .slice(-ERRORS_SHOWN_MAX)
              .reverse()
              .map(({ at, operation, code, message }) => (
                <tr key={`${at} ${operation} ${message}`}>
                  <td>{momentText(at)}</td>
                  <td class="call">{operation}</td>
                  <td>
                    {code}: <EngineWords text={message} />
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

const PHASES = { stopping: 'under way', done: 'done', failed: 'not back in time' } as const;

export function Restarts({ of }: { readonly of: Vitals['restarts'] }) {
  if (of.length === 0) return null;
  return (
    <section class="sheet stack" aria-labelledby="restarts">
      <h2 id="restarts">Restarts of the worker</h2>
      <Scrolled class="wide" name="Restarts of the worker">
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">How it went</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {[...of].reverse().map(({ number, reason, phase, requestedAt, error }) => (
              <tr key={number}>
                <td>{momentText(requestedAt)}</td>
                <td>
                  {PHASES[phase]}
                  {error !== undefined && (
                    <>
                      : <Visible text={error} />
                    </>
                  )}
                </td>
                <td>
                  <Visible text={reason} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}
