/** What the engine lacks and the person's shell has is named, with a command that really gives it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvFile } from '../../../src/adapters/files/env-file.ts';
import { PawlError } from '../../../src/domain/failures.ts';
import { detailsOf, type Lacks, lacksIn } from '../../../src/domain/lacks.ts';
import { type InShell, shellAdvice } from '../../../src/edge/cli/shell-advice.ts';
import { newFolder } from '../../conformance/folders.ts';
import { fakeEngine } from './fake-engine.ts';
import { pawl } from './fakes.ts';

const NOTHING: InShell = { variables: [], programs: [], envFile: '/home/ann/pawl/.env' };
const commandIn = (line = '') => /`(.*)`/.exec(line)?.[1] ?? '';

describe('the command for a variable', () => {
  it.each([
    ['plain', 'sk-ant-api03-abc_DEF'],
    ['what a shell and the file would read', 'a b "c" $d `e` #f \\n %s = g'],
    ['over several lines', '-----BEGIN\nabc=\n-----END'],
  ])('gives a value that is %s, which it does not show, and keeps what was there', (_, value) => {
    const home = join(newFolder(), "with 'quotes' and blanks");
    mkdirSync(home);
    const envFile = join(home, '.env');
    const [line] = shellAdvice({ ...NOTHING, variables: ['SOME_KEY', 'OTHER_KEY'], envFile });
    expect(line).toMatch(/^the engine does not have SOME_KEY although this shell does/);
    expect(line).not.toContain(value);
    const give = (env: Record<string, string>) =>
      execFileSync('sh', ['-c', commandIn(line)], { env: { PATH: process.env.PATH, ...env } });
    give({ SOME_KEY: value });
    expect(readEnvFile(envFile)).toEqual({ SOME_KEY: value });
    expect(statSync(envFile).mode & 0o777).toBe(0o600);
    writeFileSync(envFile, 'MINE=1');
    give({ SOME_KEY: value });
    expect(readEnvFile(envFile)).toEqual({ MINE: '1', SOME_KEY: value });
  });

  it('is none where the engine is on another host', () => {
    const [line, ...more] = shellAdvice({
      variables: ['SOME_KEY'],
      programs: [{ name: 'claude', path: '/bin/claude' }],
      envFile: undefined,
    });
    expect(line).toMatch(/put it into \.env in the PAWL_HOME of the engine, on its host$/);
    expect(more).toEqual([]);
  });
});

describe('pawl run', () => {
  const lacks: Lacks = { variables: ['ANTHROPIC_API_KEY'], programs: ['claude'] };
  const refusing = (details: unknown) =>
    fakeEngine(
      {},
      { run: () => Promise.reject(new PawlError('precondition', 'no agent can run here', { details })) },
    );
  const run = (found: Partial<InShell>, details: unknown = { lacks }) => {
    const asked: Lacks[] = [];
    const inShell = async (what: Lacks) => {
      asked.push(what);
      return { ...NOTHING, ...found };
    };
    return pawl(['run', 'Do it', '--json'], { fake: refusing(details), inShell }).then((ran) => ({
      ...ran,
      asked,
    }));
  };

  it('names what this shell has, after what the engine said, and leaves the document as it is', async () => {
    const programs = [{ name: 'claude', path: '/opt/bin/claude' }];
    const { code, err, documents, asked } = await run({ variables: ['ANTHROPIC_API_KEY'], programs });
    expect({ code, asked }).toEqual({ code: 2, asked: [lacks] });
    expect(err.split('\n')).toEqual([
      'pawl: no agent can run here',
      expect.stringMatching(
        /^pawl: the engine does not have ANTHROPIC_API_KEY although this shell does: put it into \/home\/ann\/pawl\/\.env with `/,
      ),
      expect.stringMatching(
        /^pawl: the engine does not find claude on its PATH although this shell does \(\/opt\/bin\/claude\): .*`pawl down && pawl up -d`/,
      ),
      '',
    ]);
    expect(documents).toEqual([
      { error: { code: 'precondition', message: 'no agent can run here', details: { lacks } } },
    ]);
  });

  it('says nothing where this shell does not have it either, or nothing is lacking', async () => {
    expect((await run({})).err).toBe('pawl: no agent can run here\n');
    const { err, asked } = await run({}, [['id']]);
    expect({ err, asked }).toEqual({ err: 'pawl: no agent can run here\n', asked: [] });
  });
});

it('an error carries names alone', () => {
  const problems = [
    { message: 'a', lacks: { variables: ['A'] } },
    { message: 'b' },
    { message: 'c', lacks: { programs: ['c'] } },
  ];
  expect(lacksIn(detailsOf(problems))).toEqual({ variables: ['A'], programs: ['c'] });
  expect(lacksIn(undefined)).toBeUndefined();
});
