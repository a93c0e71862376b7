/** An execution of a loop that includes others: its skills run, and what becomes of the included files changes nothing. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitFiles, newRepository } from '../adapters/scratch-repository.ts';
import { type EngineRig, lastDocument, startRig } from './rig.ts';
import { untilExecution } from './until-execution.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** Returns what it is told, with a word by which its file is known again. */
const looking = (word: string): string =>
  `const { PAWL_IN_SUBJECT: subject, PAWL_IN_LENS: lens } = process.env; console.log(JSON.stringify({ said: lens + ' of ' + subject + ' ${word}' }))`;
const quality = (word: string): string => `
loop: quality
title: Is it good?
inputs:
  subject: { type: string, required: true }
  lenses: { type: "string[]", default: [bugs] }
phases:
  - id: look
    skills:
      - id: look
        for_each: { in: inputs.lenses, as: lens, at_most: 2 }
        run: [node, -e, ${JSON.stringify(looking(word))}]
        writes: none
        returns: { said: string }
      - id: deep
        when: inputs.subject == 'the change'
        run: [node, -e, 'console.log(JSON.stringify({ all: JSON.parse(process.env.PAWL_IN_ALL).join("; ") }))']
        with: { all: look.every.said }
        writes: none
        returns: { all: string }
    gates:
      - { id: looked, kind: check, passes_if: look.state == 'completed' }
`;
const RELEASE = `
loop: release
inputs:
  what: { type: string, required: true }
phases:
  - include: quality
    as: before
    with: { subject: inputs.what }
  - id: decide
    skills:
      - id: decide
        run: [node, -e, 'console.log(JSON.stringify({ lenses: ["speed", process.env.PAWL_IN_SEEN] }))']
        with: { seen: before-deep.state }
        writes: none
        returns: { lenses: "string[]" }
    gates:
      - { id: go, kind: approval }
  - include: quality
    as: after
    with: { subject: "'the change'", lenses: decide.lenses }
    when: decide.state == 'completed'
  - include: quality
    as: never
    with: { subject: inputs.what }
    when: decide.state == 'failed'
`;
const FILES = {
  'pawl.yaml': 'checks: []\n',
  '.pawl/loops/release.yaml': RELEASE,
  '.pawl/loops/quality.yaml': quality('first'),
};

it('goes through them with their inputs, as they were at the start', { timeout: 120_000 }, async () => {
  const project = newRepository(FILES);
  const id = 'x_included';
  const digest = async () => (await rig.api.loop({ loop: 'release', repository: project })).digest;
  const before = await digest();
  await rig.api.startExecution({
    id,
    loop: 'release',
    project,
    inputs: { what: 'the cart' },
    driver: 'engine',
  });
  const asked = await untilExecution(rig, id, ({ phases }) => phases[1]?.gates[0]?.status === 'open');
  expect(asked.digest).toBe(before);
  expect(asked.phases.map((phase) => phase.id)).toEqual([
    'before-look',
    'decide',
    'after-look',
    'never-look',
  ]);
  expect(asked.phases[0]).toMatchObject({
    skills: [
      { id: 'before-look', items: [{ state: 'completed', outputs: { said: 'bugs of the cart first' } }] },
      {
        id: 'before-deep',
        state: 'skipped',
        why: "its condition does not hold: inputs.what == 'the change'",
      },
    ],
    gates: [{ id: 'before-looked', status: 'approved' }],
  });
  commitFiles(project, { '.pawl/loops/quality.yaml': quality('second') });
  expect(await digest()).not.toBe(before);
  await rig.api.decideGate({ id, gate: 'go', decision: 'approve' });
  const { phases } = await untilExecution(rig, id, ({ status }) => status === 'completed');
  expect(phases[2]?.skills[1]).toMatchObject({
    ...{ id: 'after-deep', state: 'completed' },
    outputs: { all: 'speed of the change first; skipped of the change first' },
  });
  expect(phases[3]).toMatchObject({
    skills: [
      { id: 'never-look', state: 'skipped' },
      { id: 'never-deep', state: 'skipped' },
    ],
  });
});

describe('before it is started', () => {
  it('show and the dry run have the phases of all, check tells what is wrong with them', async () => {
    const project = newRepository(FILES);
    const { total } = await rig.api.executions({});
    const shown = await rig.pawl(['loops', 'show', 'release', '--repo', project]);
    expect(shown).toMatchObject({
      code: 0,
      out: expect.stringContaining('includes .pawl/loops/quality.yaml'),
    });
    const dry = await rig.pawl([
      'run',
      '--loop',
      'release',
      '--repo',
      project,
      '--input',
      'what=x',
      '--dry-run',
    ]);
    expect(dry.code).toBe(0);
    for (const { out } of [shown, dry])
      expect(out).toMatch(
        /\nbefore-look\n[\s\S]*\n {2}● before-deep [\s\S]*\ndecide\n[\s\S]*\nafter-look\n[\s\S]*when decide\.state == 'completed' && inputs\.subject \(here 'the change'\) == 'the change'/,
      );
    expect(await rig.api.executions({})).toMatchObject({ total });
    const file = join(
      newRepository({ 'x.yaml': RELEASE.replace('with: { subject: inputs.what }', 'with: { topic: 3 }') }),
      'x.yaml',
    );
    const checked = await rig.pawl(['loops', 'check', file, '--repo', project, '--json']);
    expect(checked.code).toBe(1);
    expect(lastDocument(checked.out)).toMatchObject({
      valid: false,
      faults: [
        {
          line: 8,
          path: 'phases[0].with.topic',
          message: expect.stringContaining('quality has no such input'),
        },
        { line: 8, path: 'phases[0].with.subject', message: expect.stringContaining('expected a value') },
      ],
    });
  });
});
