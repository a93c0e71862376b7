/** Both ways to start a program, for tests that hold for each. */
import { onTestFinished } from 'vitest';
import { createForkClient } from '../../../src/adapters/programs/fork-client.ts';
import { type Command, type Starter, starterHere } from '../../../src/adapters/programs/starter.ts';
import { modulePath } from '../../../src/module-path.ts';

/** A fork server of this test's own. */
export function forkClient() {
  const client = createForkClient(modulePath('adapters/programs/fork-server'), 'test');
  onTestFinished(() => client.close());
  return client;
}

export const STARTERS: readonly (readonly [name: string, make: () => Starter])[] = [
  ['this process', () => starterHere],
  ['a fork server', forkClient],
];

/** A shell script, which finds `args` in `$1` and after. */
export const script = (
  text: string,
  more: Partial<Command> & { readonly words?: readonly string[] } = {},
) => {
  const { words = [], ...rest } = more;
  return {
    ...{ file: 'sh', args: ['-c', text, 'sh', ...words], cwd: '/', env: { PATH: process.env.PATH } },
    ...{ timeoutMs: 60_000, bytesMax: 10_000_000 },
    ...rest,
  } satisfies Command;
};
