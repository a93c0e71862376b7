/** A check that a loop brings takes the place of none of `pawl.yaml`: the name is refused, with both places. */
import { expect, it } from 'vitest';
import { newRepository } from '../scratch-repository.ts';
import { at, faultsOf, found, homeWith, loopText } from './sources-rig.ts';

const TEST = { name: 'test', run: ['npm', 'test'], timeoutSeconds: 60 };
const configuration = { checks: [TEST, { name: 'part-lint', run: ['eslint'] }], agents: {} };
const gate = '    gates: [{ id: good, kind: check, checks: [test] }]\n';
const faultsIn = async (files: Readonly<Record<string, string>>, id = 'x') => {
  const named = Object.entries(files).map(([name, text]) => [`.pawl/loops/${name}.yaml`, text]);
  const repository = newRepository(Object.fromEntries(named));
  return faultsOf(await found(homeWith(), at(repository, configuration), id));
};

it('of a loop itself, where it stands', async () => {
  const x = `${loopText('x', 'x')}${gate}checks:\n  - { name: fast, run: make fast }\n  - { name: test, run: make test }\n`;
  expect(await faultsIn({ x })).toEqual([
    '.pawl/loops/x.yaml:10 checks[1].name: expected another name: pawl.yaml has a check test already (npm test, 60 s), which this one (make test) would take the place of',
  ]);
});

it('of the loop around one that names a check of pawl.yaml', async () => {
  const part = `${loopText('part', 'part')}${gate}`;
  const x = 'loop: x\nchecks: [{ name: test, run: make test }]\nphases:\n  - include: part\n';
  expect(await faultsIn({ x, part })).toEqual([
    expect.stringMatching(
      /^\.pawl\/loops\/x\.yaml:2 checks\[0\]\.name: expected another name: pawl\.yaml has/,
    ),
  ]);
  expect(await faultsIn({ x, part }, 'part')).toEqual([]);
});

it('of an included one by the name that it has here, where it is included', async () => {
  const part = `${loopText('part', 'part')}checks: [{ name: lint, run: make lint }]\n`;
  const x = 'loop: x\nchecks: [make]\nphases:\n  - include: part\n';
  expect(await faultsIn({ x, part })).toEqual([
    '.pawl/loops/x.yaml:4 phases[0].include: part-lint: expected another name: pawl.yaml has a check part-lint already (eslint), which this one (make lint) would take the place of',
  ]);
});

it('unless it is the same check, or of another bound', async () => {
  const same = `${loopText('x', 'x')}${gate}checks: [{ name: test, run: npm test, timeoutSeconds: 60 }]\n`;
  expect(await faultsIn({ x: same })).toEqual([]);
  expect(await faultsIn({ x: same.replace('60', '90') })).toEqual([
    '.pawl/loops/x.yaml:8 checks[0].name: expected another name: pawl.yaml has a check test already (npm test, 60 s), which this one (npm test, 90 s) would take the place of',
  ]);
});

it('nor of another one of the loop itself', async () => {
  const x = `${loopText('x', 'x')}checks:\n  - { run: 1 }\n  - { name: fast, run: make }\n  - { name: fast, run: make fast }\n`;
  expect(await faultsIn({ x })).toEqual([
    expect.stringMatching(/^\.pawl\/loops\/x\.yaml:8 checks\[0\]\.run: /),
    '.pawl/loops/x.yaml:10 checks[2].name: expected another name: there is a check fast already',
  ]);
});
