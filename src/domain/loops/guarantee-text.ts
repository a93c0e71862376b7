/** A guarantee in words, for people who wonder what a skill has to have done. Pure. */
import { commandText } from '../command-line.ts';
import type { Guarantee } from './guarantees.ts';

export function guaranteeText(guarantee: Guarantee): string {
  switch (guarantee.kind) {
    case 'deliverable': {
      const { glob, changed, atLeast, atMost } = guarantee;
      return `${countText(atLeast, atMost)} ${changed ? 'added or changed ' : ''}in ${glob}`;
    }
    case 'proof':
      return [
        PROOF_TEXTS[guarantee.proof],
        guarantee.path,
        guarantee.run === undefined ? undefined : commandText(guarantee.run),
      ]
        .filter((part) => part !== undefined)
        .join(' ');
    case 'content':
      return `${guarantee.glob} ${contentTexts(guarantee).join(', ')}`;
    case 'quality': {
      const { name, run, threshold } = guarantee;
      return `${name} ${threshold.is} ${threshold.than}, measured by ${commandText(run)}`;
    }
    case 'git':
      return GIT_TEXTS[guarantee.state];
    default:
      return guarantee satisfies never;
  }
}

const PROOF_TEXTS = {
  file_created: 'a new file',
  file_modified: 'a changed file',
  command_executed: 'has run',
  test_passed: 'passes',
  human_verified: 'a person has seen it',
  artifact_generated: 'an artifact',
} as const;

const GIT_TEXTS = {
  no_uncommitted: 'nothing is uncommitted',
  no_unpushed: 'nothing is unpushed',
  branch_pushed: 'the branch is pushed',
  worktree_clean: 'the working tree is clean',
} as const;

function countText(atLeast: number, atMost: number | undefined): string {
  if (atMost === undefined) return `at least ${atLeast} ${atLeast === 1 ? 'file' : 'files'}`;
  return atMost === atLeast ? `exactly ${atLeast} files` : `${atLeast} to ${atMost} files`;
}

function contentTexts({ pattern, sections, lines }: Guarantee & { kind: 'content' }): readonly string[] {
  const { atLeast, atMost } = lines ?? {};
  return [
    ...(pattern === undefined ? [] : [`matches /${pattern}/`]),
    ...(sections === undefined ? [] : [`has the sections ${sections.join(', ')}`]),
    ...(atLeast === undefined ? [] : [`has at least ${atLeast} lines`]),
    ...(atMost === undefined ? [] : [`has at most ${atMost} lines`]),
  ];
}
