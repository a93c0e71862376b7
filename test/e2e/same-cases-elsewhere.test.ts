/**
 * The same cases from a shell that asks an engine elsewhere; and what is run from shells whose keys and programs the engine
 * does not have: one answer, that of the engine.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { answeredAlike, everythingOf, makeTasks, refusedAlike } from './alike.ts';
import { EDGES, type Edges, edgesOf, type Shell } from './edges.ts';
import { REFUSED } from './refused-cases.ts';
import { atGate, closed, type EngineRig, startRig } from './rig.ts';
import { engineSettings, leave, shellElsewhere, shellOfHome } from './shells.ts';

const SHELLS = ['of the home', 'elsewhere'] as const;
let rig: EngineRig;
let shells: Readonly<Record<(typeof SHELLS)[number], Shell>>;
let edges: Edges;
const repository = newRepository();
const onGitHub = newRepository();
execFileSync('git', ['-C', onGitHub, 'remote', 'add', 'origin', 'https://github.com/ann/shop.git']);
beforeAll(async () => {
  rig = await startRig(engineSettings());
  shells = { 'of the home': await shellOfHome(rig), elsewhere: await shellElsewhere(rig) };
  edges = edgesOf(rig, shells.elsewhere);
  await makeTasks(rig.api);
}, 120_000);
afterAll(async () => {
  expect(existsSync(shells.elsewhere.env.PAWL_HOME ?? '')).toBe(false);
  await Promise.all(Object.values(shells).map(leave));
  await rig.close();
});

answeredAlike(() => edges);

/** A start of the command line is most of a case: it takes the first of each operation and code, the others take all. */
const firsts = new Set(
  [...Map.groupBy(REFUSED, ({ operation, code }) => `${operation} ${code}`).values()].map(([first]) => first),
);
const FEWER = REFUSED.map((row) =>
  firsts.has(row) ? row : { ...row, except: { ...row.except, cli: 'another one of its kind is told' } },
);
refusedAlike(
  FEWER,
  () => edges,
  () => everythingOf(rig.api, edges),
);

/** By every edge that can say it, of both shells. */
const WAYS = SHELLS.flatMap((shell) => EDGES.map((edge) => [shell, edge] as const));

describe('a run', () => {
  const run = (input: object) => ({ requirement: 'Write it', repository, ...input });
  const refused = [
    ['an agent whose key and program the shell alone has', { agent: { name: 'claude' } }, 'agent claude'],
    ['whichever agent is ready', {}, 'agent'],
    [
      'a program that the shell alone has',
      { agent: { name: 'command', command: ['only-shell'] } },
      '"only-shell" was not found on the PATH of the shell that started the engine',
    ],
    [
      'a forge for which the shell alone has a token',
      { agent: { name: 'command', command: ['only-engine'] }, forge: 'github', repository: onGitHub },
      'GITHUB_TOKEN',
    ],
  ] as const;
  it.each(refused)('of %s is refused in the same words', async (_, input, words) => {
    const told = await Promise.all(
      WAYS.map(async ([shell, edge]) => {
        // The tool takes the name of an agent and no program.
        if (edge === 'mcp' && ('forge' in input || 'command' in (('agent' in input && input.agent) || {})))
          return undefined;
        const outcome = await edgesOf(rig, shells[shell])[edge]('run', { id: 'never', ...run(input) });
        return 'error' in outcome ? { code: outcome.error.code, message: outcome.error.message } : outcome;
      }),
    );
    const answers = told.filter((one) => one !== undefined);
    expect(answers[0]).toMatchObject({ message: expect.stringContaining(words) });
    expect(answers).toEqual(answers.map(() => answers[0]));
    await expect(rig.api.show({ id: 'never' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of a program that the engine alone has is the same task', async () => {
    const ways = WAYS.filter(([, edge]) => edge !== 'mcp');
    const agent = { name: 'command', command: ['only-engine'] };
    const states = await Promise.all(
      ways.map(async ([shell, edge]) => {
        const id = `ran-${edge}-${shell.replaceAll(' ', '-')}`;
        const outcome = await edgesOf(rig, shells[shell])[edge]('run', { id, ...run({ agent }) });
        expect({ shell, edge, outcome }).toEqual({ shell, edge, outcome: { answer: expect.anything() } });
        const { status, attempts } = await rig.until(id, atGate);
        await rig.api.cancel({ id });
        await rig.until(id, closed);
        return { status, agents: attempts.map(({ agent: by }) => by) };
      }),
    );
    expect(states).toEqual(states.map(() => ({ status: 'awaiting_gate', agents: ['command'] })));
  });
});
