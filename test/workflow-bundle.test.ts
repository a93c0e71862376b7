/** The bundle of workflows: made once per content, whole for everyone who asks at the same time. */
import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { workflowBundle } from '../src/workflow-bundle.ts';

it('is made once and then found', async () => {
  const [first, second] = await Promise.all([workflowBundle(), workflowBundle()]);
  expect(second).toEqual(first);
  const { ino } = statSync(first.codePath);
  await workflowBundle();
  expect(statSync(first.codePath).ino).toBe(ino);
});

it('holds every workflow, the payload converter and the preloaded message schemas', async () => {
  const code = readFileSync((await workflowBundle()).codePath, 'utf8');
  for (const module of [
    'src/workflows/index.ts',
    'src/workflows/payload-converter.ts',
    'src/domain/messages.ts',
  ]) {
    expect(code).toContain(module);
  }
});
