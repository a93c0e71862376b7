/** The files of a change at its side: how much of each, and which to look at first. */

import { Name } from '../shown/visible.tsx';
import { Counts } from './diff-file.tsx';
import type { ShownFile } from './diff-order.ts';

interface ListProps {
  readonly files: readonly ShownFile[];
  /** The anchor of each. */
  readonly nameOf: (at: number) => string;
}

/** Beyond this a list helps nobody find a file. */
const NAMED_MAX = 500;

export function DiffList({ files, nameOf }: ListProps) {
  return (
    <nav class="diff-list" aria-label="Files of the change">
      <ul class="plain">
        {files.slice(0, NAMED_MAX).map((file, at) => (
          <li key={file.path}>
            <a href={`#${nameOf(at)}`} class={file.concerns.length > 0 ? 'concerned' : ''}>
              {file.concerns.length > 0 && (
                <>
                  <span aria-hidden="true">⚑ </span>
                  <span class="visually-hidden">To look at: </span>
                </>
              )}
              <Path of={file.path} />
            </a>
            <Counts insertions={file.insertions} deletions={file.deletions} />
          </li>
        ))}
      </ul>
      {files.length > NAMED_MAX && <p class="quiet">and {files.length - NAMED_MAX} more</p>}
    </nav>
  );
}

function Path({ of }: { readonly of: string }) {
  const at = of.lastIndexOf('/') + 1;
  return (
    <span class="mono">
      <span class="quiet">
        <Name text={of.slice(0, at)} />
      </span>
      <Name text={of.slice(at)} />
    </span>
  );
}
