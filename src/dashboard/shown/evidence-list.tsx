/** What the engine itself saw when it ran the checks. */
import { useSignal } from '@preact/signals';
import { commandText } from '../../domain/command-line.ts';
import type { Evidence } from '../../domain/task-state.ts';
import { ArtifactText } from './artifact-text.tsx';
import { exitText, millisecondsText } from './evidence-words.ts';
import { Scrolled } from './scrolled.tsx';
import { Name, Visible } from './visible.tsx';
import { withoutColours } from './visible-text.ts';

export function EvidenceList({ of }: { readonly of: readonly Evidence[] }) {
  if (of.length === 0)
    return <p class="sheet">Unverified: no check is configured, so nobody has tried this change.</p>;
  return (
    <ul class="plain stack">
      {/* The same check may have run twice: on the commit, and with what judges it as in the base. */}
      {of.map((one, at) => (
        <li key={at}>
          <One of={one} />
        </li>
      ))}
    </ul>
  );
}

function One({ of }: { readonly of: Evidence }) {
  const { name, command, commit, passed, durationMs, output, tail, restored, notInCommit } = of;
  const isWhole = useSignal(false);
  return (
    <details class="sheet check" open={!passed}>
      <summary>
        <span class={`chip ${passed ? 'good' : 'bad'}`}>{passed ? '✓ passed' : '✗ failed'}</span>{' '}
        <strong>
          <Name text={name} />
        </strong>{' '}
        <span class="quiet">
          {exitText(of)} · {millisecondsText(durationMs)}
          {restored !== undefined &&
            ` · with ${restored.length === 1 ? 'a file' : `${restored.length} files`} as in the base`}
        </span>
      </summary>
      <div class="stack">
        <dl class="facts">
          <dt>Command</dt>
          <dd class="mono">
            <Name text={commandText(command)} />
          </dd>
          <dt>Commit</dt>
          <dd class="mono">{commit}</dd>
          <Paths
            what="As in the base"
            of={restored}
            why="the agent had changed them, and they judge its work"
          />
          <Paths what="Not there" of={notInCommit} why="ignored in the workspace, so no part of the commit" />
        </dl>
        {isWhole.value ? (
          <ArtifactText digest={output} />
        ) : (
          <>
            {tail !== '' && (
              <Scrolled
                class="output"
                name={`End of the output of ${name} at ${commit.slice(0, 7)}${restored === undefined ? '' : ', with files of the base'}`}
              >
                <pre>
                  <Visible text={withoutColours(tail)} />
                </pre>
              </Scrolled>
            )}
            <div>
              <button
                type="button"
                class="small"
                onClick={() => {
                  isWhole.value = true;
                }}
              >
                Whole output
              </button>
            </div>
          </>
        )}
      </div>
    </details>
  );
}

interface PathsProps {
  readonly what: string;
  readonly of: readonly string[] | undefined;
  readonly why: string;
}

function Paths({ what, of, why }: PathsProps) {
  if (of === undefined) return null;
  return (
    <>
      <dt>{what}</dt>
      <dd>
        <span class="mono">
          <Name text={of.join(', ')} />
        </span>{' '}
        <span class="quiet">({why})</span>
      </dd>
    </>
  );
}
