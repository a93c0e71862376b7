/** What a list says of an execution. */
import { expect, it } from 'vitest';
import { rowOfExecution } from '../../../src/domain/executions/execution-rows.ts';
import { Driven } from './driven.ts';
import { approval, phase, skill } from './written-loops.ts';

it('says how urgent its tasks are, where that is not as usual', () => {
  const plan = [phase('plan', [skill('plan')])];
  expect(rowOfExecution(new Driven(plan, { priority: 'high' }).state).priority).toBe('high');
  expect(rowOfExecution(new Driven(plan).state)).not.toHaveProperty('priority');
});

it('names the gates that wait, and none once it is over', () => {
  const one = new Driven([phase('plan', [skill('plan')], [approval('right')])]).done('plan');
  expect(rowOfExecution(one.state).gates).toEqual(['right']);
  one.do('steer', { steer: { act: 'abort' } });
  const row = rowOfExecution(one.state);
  expect(row.closedAt).toBeDefined();
  expect(row.gates).toBeUndefined();
});
