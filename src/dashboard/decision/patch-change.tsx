/** What has become of a change since one looked at it. */

import { usePatch } from '../diff/patches.ts';
import { Problem } from '../shown/problem.tsx';
import { Name, Visible } from '../shown/visible.tsx';
import { patchDifference } from './patch-difference.ts';

interface ChangeProps {
  /** Digests of the diff that one has looked at, and of the newer one. */
  readonly before: string;
  readonly now: string;
}

const WORDS = { new: 'is part of the change now', gone: 'is no part of it any more', changed: '' };
/** Lines of all files that are shown: more take long to draw, and nobody reads them. */
const LINES_MAX = 1_500;

export function PatchChange({ before, now }: ChangeProps) {
  const [one, other] = [usePatch(before), usePatch(now)];
  const problem = one.problem ?? other.problem;
  if (problem !== undefined) return <Problem of={problem} />;
  if (one.value === undefined || other.value === undefined) return <p class="quiet">Comparing…</p>;
  const differences = patchDifference(one.value.files, other.value.files);
  if (differences.length === 0)
    return (
      <p>The lines of the change are the same: only what it is based on, or its evidence, is another.</p>
    );
  let left = LINES_MAX;
  return (
    <div class="stack">
      {differences.map(({ path, is, lines }) => {
        const shown = lines.slice(0, Math.max(0, left));
        left -= shown.length;
        return (
          <section key={path} class="diff-file" aria-label={`${path}, since then`}>
            <div class="diff-head">
              <strong class="mono">
                <Name text={path} />
              </strong>
              <span>{WORDS[is]}</span>
            </div>
            <div class="difference">
              {shown.map((line, at) => (
                <div key={at} class={line.is}>
                  <span class="quiet">{MARKS[line.is]}</span> <Visible text={line.text} />
                </div>
              ))}
              {lines.length > shown.length && (
                <div class="quiet">… {lines.length - shown.length} more lines</div>
              )}
            </div>
          </section>
        );
      })}
    </div>
  );
}

const MARKS = { same: '   ', before: 'was', now: 'now', 'left out': '…  ' };
