/** What a run goes by, where a base that it came to stand on says something else. */
import { type MovedConfiguration, movedTo } from '../domain/base-configuration.ts';
import { addNote } from '../domain/lifecycle.ts';
import { need, type Turn } from './turn.ts';

/** Takes over what the moved base says of the run. @returns whether that changes it, so that a person is asked again */
export function reconfigured(
  { record, run, spec }: Turn,
  { configuration }: { readonly configuration?: MovedConfiguration },
): boolean {
  const { prepared } = need(run, 'prepared');
  // Absent also in what was answered before there was this: such runs are replayed as they were.
  const now = configuration === undefined ? undefined : movedTo(prepared, configuration, spec);
  if (now === undefined) return false;
  run.prepared = now.prepared;
  addNote(record, now.note);
  return true;
}
