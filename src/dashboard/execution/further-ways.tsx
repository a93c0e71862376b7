/** What is done with an execution by the command line alone, as commands for this one. */
import type { ExecutionState } from '../../domain/executions/execution-state.ts';

export function FurtherWays({ of: { id, endedAt } }: { readonly of: ExecutionState }) {
  if (endedAt !== undefined) return null;
  const ways = [
    [
      'gates',
      '--gate <gate> --type auto --reason "…"',
      'who decides a gate: human, auto, conditional, or as the loop says',
    ],
    ['gates', '--disable --reason "…"', 'all gates, or one, do not count any more'],
    ['reset', '<skill>', 'a skill of the phase under way is done again, also where nothing is wrong with it'],
    ['retry', '<skill>', 'a skill is done of which it cannot be said whether it is to be done'],
    ['note', '"…"', 'something that whoever goes on should know'],
  ] as const;
  return (
    <details class="sheet further">
      <summary>Further ways, in a terminal on the engine's host</summary>
      <dl class="facts commands">
        {ways.map(([word, more, about]) => (
          <>
            <dt key={`${word} ${more}`}>
              <code>
                pawl execution {word} {id} {more}
              </code>
            </dt>
            <dd>{about}</dd>
          </>
        ))}
        <dt>
          <code>pawl execution --help</code>
        </dt>
        <dd>all of them</dd>
      </dl>
    </details>
  );
}
