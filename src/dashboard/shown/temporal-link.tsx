/** Leads to the history of a task or execution, where there is a page of it. */
import { calls } from '../client/ask.ts';
import { versionOf } from '../client/known-rows.ts';
import { useAsked } from '../client/live.ts';
import { temporalPage } from './temporal-page.ts';

/** As a row of facts. */
export function TemporalLink({ id }: { readonly id: string }) {
  // An engine that is started again may have its Temporal at another port, and begins its feed anew.
  const { value } = useAsked(`temporal ${versionOf('')}`, calls.settings);
  const page = value && temporalPage(value.temporal, id, location.hostname);
  if (page === undefined) return null;
  return (
    <>
      <dt>History</dt>
      <dd>
        <a href={page} target="_blank" rel="noreferrer">
          In the Temporal Web UI
        </a>
      </dd>
    </>
  );
}
