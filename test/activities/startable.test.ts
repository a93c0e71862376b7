/** Before an agent is paid: which programs have to be there, and which set-up or the change may yet bring. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSetup, expectStartable } from '../../src/activities/startable.ts';
import { createProgramRunner } from '../../src/adapters/programs/program-runner.ts';
import type { Command } from '../../src/domain/task-spec.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';

const [bin, workspace] = [scratchFolder('bin'), scratchFolder('workspace')];
const program = (path: string) => writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 });
program(join(bin, 'there'));
mkdirSync(join(workspace, 'tools'));
program(join(workspace, 'tools', 'mine'));
program(join(workspace, 'there-too'));
writeFileSync(join(workspace, 'no-program'), 'text');
chmodSync(join(workspace, 'no-program'), 0o644);

const programs = createProgramRunner({ environment: { PATH: bin } });
const checks = (...run: Command) => [{ name: 'tests', run }];
const agent = (...command: Command) => ({ name: 'command', command });
const start = (of: { agent?: Command; check?: Command }) =>
  expectStartable(
    programs,
    { agent: agent(...(of.agent ?? ['there'])), checks: checks(...(of.check ?? ['there'])) },
    workspace,
  );

const THERE: readonly Command[] = [
  ['there', '--x'],
  [join(bin, 'there')],
  ['./tools/mine'],
  ['tools/mine'],
  ['tools/../tools/mine'],
];
const NOWHERE: readonly Command[] = [['not-there'], ['there-too'], ['/no/such/program']];
const NOT_YET: readonly Command[] = [
  ['./not-yet.sh'],
  ['node_modules/.bin/tsc'],
  ['./no-program'],
  ['./tools'],
];

describe('once set-up has run', () => {
  it.each(THERE)('%s is there, whoever needs it', (...command) => {
    expect(start({ agent: command, check: command })).toEqual([]);
    expect(() => expectSetup(programs, command, workspace)).not.toThrow();
  });

  it.each(NOWHERE)('%s can come from nowhere: a check with it is refused', (...command) => {
    expect(() => start({ check: command })).toThrow(
      expect.objectContaining({
        type: 'setup_failed',
        message: expect.stringMatching(/^check tests: program/),
      }),
    );
    expect(() => expectSetup(programs, command, workspace)).toThrow(/^set-up: program/);
  });

  it.each(NOT_YET)(
    '%s may yet come with the change: that is said, and agent and set-up need it now',
    (...command) => {
      expect(start({ check: command })).toEqual([
        `check tests: ${command[0]} is not in the workspace yet, so the change has to bring it`,
      ]);
      expect(() => start({ agent: command })).toThrow(/^agent command: program .* is not there/);
      expect(() => expectSetup(programs, command, workspace)).toThrow(/^set-up: program .* is not there/);
    },
  );

  it('refuses no check whose program is a path of the workspace, whatever it is', () => {
    const path = fc.stringMatching(/^(?:\.\/)?[a-z.]{1,8}\/[a-z]{1,8}$/);
    const run = (name: string) => expect(start({ check: [name] }).length).toBeLessThanOrEqual(1);
    fc.assert(
      fc.property(path, (name) => {
        run(name);
      }),
    );
  });
});
