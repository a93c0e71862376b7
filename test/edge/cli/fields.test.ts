/** Every field of every operation can be said on the command line. */
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { type OperationName, operations } from '../../../src/domain/operations.ts';
import { createCli } from '../../../src/edge/cli/cli.ts';
import { createProgram } from '../../../src/edge/cli/program.ts';
import { createTelling } from '../../../src/edge/cli/telling.ts';
import { worldOf } from './fakes.ts';

/** Fields that a person knows by another word: an option is of one thing, a list of many. */
const CALLED: Readonly<Record<string, string>> = {
  artifacts: 'artifact',
  checks: 'check',
  content: 'file',
  dependencies: 'after',
  dropDependencies: 'dropDependency',
  directory: 'dir',
  deliverables: 'deliverable',
  files: 'file',
  inputs: 'input',
  outputs: 'output',
  repository: 'repo',
};
/** Commands below another one. */
const BELOW: { readonly [N in OperationName]?: readonly string[] } = {
  // With --dry-run.
  preview: ['run'],
  startExecution: ['execution', 'start'],
  executions: ['execution', 'list'],
  execution: ['execution', 'show'],
  updateExecution: ['execution', 'note'],
  completeSkill: ['execution', 'done'],
  decideGate: ['execution', 'approve'],
  steerExecution: ['execution', 'advance'],
  loops: ['loops', 'list'],
  loop: ['loops', 'show'],
  checkLoop: ['loops', 'check'],
  createToken: ['token', 'create'],
  tokens: ['token', 'list'],
  revokeToken: ['token', 'revoke'],
};
/** What the CLI says itself, or in several options of its own. */
const OWN: { readonly [N in OperationName]?: readonly string[] } = {
  run: ['policy'],
  preview: ['policy'],
  approve: ['by', 'via'],
  reject: ['by', 'via'],
  claim: ['by'],
  tell: ['by'],
  // `pause` and `resume` say the status. Files are kept by AI clients, with tools of toolset `loop`.
  updateExecution: ['via', 'status', 'transient'],
  // `fail` and `skip` say the outcome, `complete-phase` the phase. What an AI client thinks of a guide it says with its tool.
  completeSkill: ['via', 'phase', 'outcome', 'score', 'rubric', 'sectionRecommendations'],
  // `reject` says the other.
  decideGate: ['via', 'decision'],
  // Each way to steer is a command.
  steerExecution: ['via', 'messageId', 'steer'],
  // It reads the file, and says uncommitted where no base is named.
  checkLoop: ['text', 'uncommitted'],
  // It reads to the end by itself.
  logs: ['offset'],
};

it.each(Object.keys(operations) as OperationName[])('of %s', (name) => {
  const world = worldOf();
  const program = createProgram(createCli(world, createTelling(world, false), () => undefined));
  const command = (BELOW[name] ?? [name]).reduce<Command | undefined>(
    (at, word) => at?.commands.find((one) => one.name() === word),
    program,
  );
  const said = [
    ...(command?.options.map((option) => option.attributeName()) ?? []),
    ...(command?.registeredArguments.map((argument) => argument.name()) ?? []),
  ];
  const missing = Object.keys(operations[name].input.shape).filter(
    (field) => !said.includes(CALLED[field] ?? field),
  );
  expect(missing).toEqual(OWN[name] ?? []);
});
