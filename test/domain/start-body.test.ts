/** What a start under an id that is taken is refused with: which parts of it are others, and what some of them were. */
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/digest.ts';
import { otherBody, partsOfBody } from '../../src/domain/start-body.ts';

const BODY = {
  id: 'x_a',
  loop: 'bugfix',
  project: '/shop',
  inputs: { report: 'It fails', n: 1 },
  priority: 'high',
};
const memo = (more: object = {}): Record<string, unknown> => ({
  digest: digestOf(BODY),
  parts: partsOfBody(BODY),
  execution: { loop: 'bugfix', priority: 'high', title: 'A' },
  ...more,
});
const refused = (body: object, kept: ReturnType<typeof memo> = memo()) =>
  otherBody({ id: 'x_a', memo: kept }, body);

describe('a part is named', () => {
  it.each<[what: string, body: object, message: string, details: unknown]>([
    [
      'with what it was and what is asked, where a list shows it',
      { ...BODY, priority: 'low' },
      'execution x_a exists already, begun with another priority (high; this asks for low): choose another id, or ask for what it was begun with',
      [['priority']],
    ],
    [
      'also where it is the usual one',
      { ...BODY, priority: undefined },
      'execution x_a exists already, begun with another priority (high; this asks for normal): choose another id, or ask for what it was begun with',
      [['priority']],
    ],
    [
      'by its name within inputs, new ones and lacking ones too',
      { ...BODY, loop: 'feature', inputs: { report: 'It works', m: 1 }, title: 'T' },
      'execution x_a exists already, begun with another inputs.m, inputs.n, inputs.report, loop (bugfix; this asks for feature), title: choose another id, or ask for what it was begun with',
      [['inputs', 'm'], ['inputs', 'n'], ['inputs', 'report'], ['loop'], ['title']],
    ],
  ])('%s', (_, body, message, details) => {
    expect(refused(body)).toMatchObject({ code: 'conflict', message, details });
  });
});

it('of a run that an older Pawl began only what lists show is known', () => {
  const old = memo({ parts: undefined });
  expect(refused({ ...BODY, priority: 'low' }, old).message).toBe(
    'execution x_a exists already, begun with another priority (high; this asks for low): choose another id, or ask for what it was begun with',
  );
  expect(refused({ ...BODY, title: 'T' }, old).message).toBe(
    'execution x_a exists already, begun with another body: choose another id, or ask for what it was begun with',
  );
});

it('of a task its usual priority is kept nowhere', () => {
  const body = { id: 'fix', requirement: 'Fix it', repository: '/shop', agent: { name: 'claude' } };
  const kept = { parts: partsOfBody(body), task: { description: 'Fix it' } };
  const asked = { ...body, priority: 'critical', agent: { name: 'codex', model: 'm' } };
  expect(otherBody({ id: 'fix', memo: kept }, asked).message).toBe(
    'task fix exists already, begun with another agent.model, agent.name, priority (normal; this asks for critical): choose another id, or ask for what it was begun with',
  );
});

it('what is kept of a part tells nothing of it, and is as short as a word', () => {
  const context = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, index]));
  const parts = partsOfBody({
    ...{ requirement: 'a secret', checks: [{ name: 'a', run: ['b'] }], inputs: {}, context },
    agent: { env: { a: { b: 1 } } },
  });
  const short = expect.stringMatching(/^[0-9a-f]{8}$/);
  expect(parts).toEqual({ requirement: short, checks: short, context: short, 'agent.env': short });
});
