/** Which programs agents, set-up and checks find: those of the shell that started the engine, and none of Pawl's own. */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../../scripts/setup/cache.mjs';
import { findProgram } from '../../src/adapters/programs/find-program.ts';
import { newRepository, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { by, closed, createRig, type EngineRig, startRig } from './rig.ts';

/** What Pawl itself needs of the machine, and nothing more. */
const NEEDED = ['git', 'sh', 'env', 'cat', 'ps', 'mkdir', 'chmod'];

function program(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** A shell whose programs are those of its own folder, started as by the launcher: with a Node of the cache in front. */
function shell(own: Readonly<Record<string, string>>) {
  const [folder, cache] = [join(scratchFolder('shell'), 'bin'), scratchFolder('cache')];
  mkdirSync(folder);
  for (const name of NEEDED) {
    const there = findProgram(name, { path: process.env.PATH ?? '', cwd: '/' });
    if (there !== undefined) symlinkSync(there, join(folder, name));
  }
  for (const [name, script] of Object.entries(own)) program(folder, name, script);
  mkdirSync(join(cache, 'pawl'));
  for (const name of readdirSync(cacheFolder()))
    symlinkSync(join(cacheFolder(), name), join(cache, 'pawl', name));
  const ofPawl = join(cache, 'pawl', 'node-99', 'bin');
  program(ofPawl, 'node', 'echo v99.0.0');
  return { XDG_CACHE_HOME: cache, PATH: [ofPawl, folder].join(delimiter) };
}

describe('where the shell has a Node of its own', () => {
  let rig: EngineRig;
  beforeAll(async () => {
    rig = await startRig(shell({ node: 'echo v20.1.0' }));
  });
  afterAll(() => rig.close());

  it('that one is what set-up, agent and checks find', async () => {
    const id = await rig.run({
      repository: newRepository(),
      setup: ['sh', '-c', 'node --version > .git/of-setup'],
      agent: { name: 'command', command: ['sh', '-c', 'node --version > of-agent.txt'] },
      checks: [{ name: 'version', run: ['node', '--version'] }],
    });
    const state = await rig.until(id, ({ status }) => status === 'awaiting_gate');
    expect(state.gates[0]?.evidence).toMatchObject([{ passed: true, tail: 'v20.1.0\n' }]);
    expect((await rig.pawl(['diff', id])).out).toContain('+v20.1.0');
    await rig.api.cancel({ id });
  });

  it('an agent that may call the engine has pawl, on the Node of the engine', async () => {
    const script = 'pawl update "$PAWL_TASK" --note "by its own pawl" && node --version > of-agent.txt';
    const id = await rig.run({
      repository: newRepository(),
      agent: { name: 'command', command: ['sh', '-c', script], env: ['PAWL_TOKEN', 'PAWL_URL'] },
    });
    const state = await rig.until(id, ({ status }) => status === 'awaiting_gate');
    expect(state.notes.join()).toContain('by its own pawl');
    expect((await rig.pawl(['diff', id])).out).toContain('+v20.1.0');
    await rig.api.cancel({ id });
    const without = await rig.run({
      repository: newRepository(),
      agent: { name: 'command', command: ['sh', '-c', 'pawl list'] },
      policy: { attemptsMax: 1 },
    });
    expect((await rig.until(without, closed)).status).toBe('failed');
  });
});

describe('where the shell has none', () => {
  const settings = shell({});
  const rig = createRig(settings);
  afterAll(() => rig.close());

  it('a check that needs one is refused before an agent is paid', async () => {
    const repository = newRepository();
    const args = ['run', 'Do it', '--repo', repository, '--agent-command', 'sh -c "echo x > x.txt"'];
    const told = await rig.pawl([...args, '--check', 'node --version', '--id', 'refused']);
    expect(told).toMatchObject({
      code: 2,
      err: expect.stringContaining(
        'check node --version: program "node" was not found on the PATH of the shell that started the engine',
      ),
    });
    // The one that Pawl keeps for itself is no advice.
    expect(told.err).not.toContain('although this shell does');
    expect(userGit(repository, 'branch', '--list')).toBe('* main');
    expect(await rig.pawl(['show', 'refused'])).toMatchObject({ code: 2 });
  });

  it('the sample is merged all the same', async () => {
    const { code, out } = await rig.pawl(['start', '--exit', '--yes']);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/node --test @ .*✔ merged/s) });
  });

  it('a task whose agent is given by its full path is done', async () => {
    const { agent } = by('writes', 'new.txt', 'new');
    const command = agent.command.map((word) => `'${word}'`).join(' ');
    const args = ['run', 'Do it', '--repo', newRepository(), '--agent-command', command, '--yes'];
    expect(await rig.pawl([...args, '--check', 'sh -c "test -f new.txt"'])).toMatchObject({ code: 0 });
  });
});

describe('programs that are not there', () => {
  let rig: EngineRig;
  beforeAll(async () => {
    rig = await startRig(shell({}));
  });
  afterAll(() => rig.close());

  const script = (text: string) => ['sh', '-c', text];
  const writes = (text: string) => ({ name: 'command', command: script(text) });
  const MAKES = 'printf "#!/bin/sh\\nexit 0\\n" > tool.sh; chmod +x tool.sh';

  it('may come by set-up, or with the change, which is said before', async () => {
    const checks = [
      { name: 'by set-up', run: ['node_modules/.bin/tool'] },
      { name: 'by the agent', run: ['./tool.sh'] },
    ];
    const setup = script(
      'mkdir -p node_modules/.bin && cd node_modules/.bin && printf "#!/bin/sh\\nexit 0\\n" > tool && chmod +x tool',
    );
    const id = await rig.run({ repository: newRepository(), setup, agent: writes(MAKES), checks });
    const { gates, notes } = await rig.until(id, ({ status }) => status === 'awaiting_gate');
    expect(gates[0]).toMatchObject({ status: 'passed' });
    expect(notes).toEqual([
      'check by the agent: ./tool.sh is not in the workspace yet, so the change has to bring it',
    ]);
    await rig.api.cancel({ id });
  });

  it('are a failed check where the change does not bring them, so the agent hears of it', async () => {
    const agent = writes(`if test -f first; then ${MAKES}; else echo x > first; fi`);
    const checks = [{ name: 'tool', run: ['./tool.sh'] }];
    const id = await rig.run({ repository: newRepository(), agent, checks });
    const { attempts, gates } = await rig.until(id, ({ status }) => status === 'awaiting_gate');
    expect(attempts.map(({ reason, outcome }) => [reason, outcome])).toEqual([
      ['first', 'done'],
      ['fix', 'done'],
    ]);
    expect(gates[0]?.evidence).toMatchObject([
      { passed: false, exitCode: 127, tail: expect.stringContaining('program "./tool.sh" is not there') },
    ]);
    await rig.api.cancel({ id });
  });

  it('and are on no PATH end the task before its agent is paid, also where there is a set-up', async () => {
    const id = await rig.run({
      repository: newRepository(),
      setup: script('true'),
      agent: writes('echo x > x.txt'),
      checks: [{ name: 'version', run: ['node', '--version'] }],
    });
    const { status, attempts, failure } = await rig.until(id, closed);
    expect({ status, attempts }).toEqual({ status: 'failed', attempts: [] });
    expect(failure?.class).toBe('setup_failed');
    expect(failure?.message).toMatch(/^check version: program "node" was not found on the PATH of the shell/);
  });
});
