/** What texts name is always a path inside of the repository: it is read, and written over. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { followed } from '../../src/domain/runs-through/follow.ts';
import type { Reads } from '../../src/domain/runs-through/lookup.ts';

it('names nothing outside of the repository, whatever a text says', () => {
  const Word = fc.oneof(
    fc.constantFrom(
      'node',
      'npm',
      'run',
      'make',
      '-C',
      '-f',
      '../..',
      '/etc/x',
      './a.sh',
      '$HOME/x',
      'cd',
      '&&',
      '"',
      "'",
      '\n',
    ),
    fc.string({ maxLength: 8 }),
  );
  const Text = fc.array(Word, { maxLength: 12 }).map((words) => words.join(' '));
  const kinds: readonly Reads[] = [
    { kind: 'program', cwd: 'web' },
    { kind: 'shell', cwd: '' },
    { kind: 'makefile', cwd: 'web', targets: [] },
    { kind: 'settings' },
  ];
  fc.assert(
    fc.property(
      Text,
      fc.constantFrom(...kinds),
      fc.constantFrom('web/x.sh', 'x.mjs', 'x.py'),
      (text, reads, path) => {
        for (const { paths } of followed({ path, text, reads }, { isTest: false, changed: [] }))
          for (const one of paths) expect(one).not.toMatch(/^\/|(?:^|\/)\.\.?(?:\/|$)|\0|\n|\/\//);
      },
    ),
  );
});
