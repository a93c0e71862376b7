/** Skills that tasks of the engine do: which tasks there are, with what they are started, and what follows from their ends. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endTask } from '../../../src/domain/executions/skill-task-ends.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import { by, CHECKS, done, driven, end, failed, runs, timeout, wanted } from './driven-tasks.ts';
import { phase, skill } from './written-loops.ts';

describe('a task', () => {
  it('writes on the branch of the execution, one after the other, and returns what is carried on', () => {
    const one = driven([
      phase('p', [
        by('plan', { agent: 'claude', brief: 'Plan.', returns: { risk: 'enum(low, high)' } }),
        by('build', { agent: 'codex', brief: 'Build at {{ plan.risk }} risk.' }),
      ]),
    ]);
    expect(runs(one)).toMatchObject([
      {
        base: 'pawl/x_test',
        forge: 'local',
        agent: { name: 'claude' },
        checks: [],
        policy: { fixAttemptsMax: 0 },
        skill: { execution: 'x_test', skill: 'plan', work: 'branch', returns: { risk: 'enum(low, high)' } },
      },
    ]);
    expect(runs(one)[0]?.requirement).toContain('"risk": "low" or "high"');
    end(one, 0, done({ risk: 'low' }));
    expect(one.skill('plan')).toMatchObject({ state: 'completed', by: 'claude', via: 'task' });
    expect(runs(one)).toMatchObject([{ agent: { name: 'codex' }, requirement: 'Build at low risk.' }]);
    expect(end(one, 0, done()).status).toBe('completed');
  });

  it('is as urgent as its execution', () => {
    const phases = [phase('p', [by('a', { agent: 'claude' }), by('b', { deliver: 'pull_request' })])];
    const one = driven(phases, {}, {}, { priority: 'critical' });
    expect(runs(one)).toMatchObject([{ priority: 'critical' }]);
    end(one, 0, done());
    expect(runs(one)).toMatchObject([{ priority: 'critical', skill: { work: 'delivery' } }]);
    expect(runs(driven(phases))[0]).not.toHaveProperty('priority');
  });

  it('only reads beside others, and what it changes is discarded', () => {
    const one = driven([
      phase('p', [
        by('a', { agent: 'claude', writes: 'none' }),
        by('b', { agent: 'claude', writes: 'none' }),
        by('c', { agent: 'claude' }),
      ]),
    ]);
    expect(runs(one).map(({ skill: { skill: id, work } }) => [id, work])).toEqual([
      ['a', 'none'],
      ['b', 'none'],
    ]);
  });

  it('is shown the branch from which the execution began, where it works on that of the execution', () => {
    const one = driven([phase('p', [by('a', { agent: 'claude' }), by('b', { deliver: 'pull_request' })])]);
    const { base, baseCommit } = one.execution.spec;
    expect(runs(one)[0]?.skill.trunk).toEqual({ branch: base, commit: baseCommit });
    end(one, 0, done());
    expect(runs(one)[0]).toMatchObject({ base });
    expect(runs(one)[0]?.skill).not.toHaveProperty('trunk');
  });

  it('is repeated by its own attempts until checks pass, and is looked at all the same', () => {
    const one = driven([
      phase('p', [by('a', { agent: 'claude', repeat: { most: 3, until: { checks: ['test'] } } })]),
    ]);
    expect(runs(one)).toMatchObject([{ checks: CHECKS, policy: { fixAttemptsMax: 2 } }]);
    const first = wanted(one)[0]?.id;
    end(one, 0, done());
    expect(wanted(one)).toEqual([]);
    one.see(() => false);
    expect(wanted(one)[0]?.id).not.toBe(first);
    expect(runs(one)[0]?.requirement).toContain('did not count: test');
    end(one, 0, done()).see(() => true);
    expect(one.status).toBe('completed');
  });

  it('has an agent that gets nothing of its user’s own set-up, unless the loop says so', () => {
    const one = driven([
      phase('p', [
        by('a', { agent: 'claude', writes: 'none' }),
        by('b', { agent: 'claude', writes: 'none', settings: 'own' }),
        by('c', { run: ['make'] }),
        by('d', { deliver: 'pull_request' }),
      ]),
    ]);
    const declaredOnly: (true | undefined)[] = [];
    while (runs(one).length > 0) {
      declaredOnly.push(runs(one)[0]?.skill.declaredOnly);
      end(one, 0, done());
    }
    expect(declaredOnly).toEqual([true, undefined, undefined, true]);
  });

  it('of a command is given values as variables, never as text of its command line', () => {
    const one = driven(
      [phase('p', [by('a', { run: ['make', 'it'], with: { list: 'inputs.files', how: "'fast'" } })])],
      { inputs: { files: 'string[]', goal: 'string' } },
      { files: ['a b', '$(rm)'], goal: '"; rm' },
    );
    expect(runs(one)[0]).toMatchObject({
      agent: { name: 'command', command: ['make', 'it'] },
      skill: {
        variables: { PAWL_IN_LIST: '["a b","$(rm)"]', PAWL_IN_HOW: 'fast', PAWL_IN_GOAL: '"; rm' },
      },
    });
  });

  it('delivers to the branch that was checked out, with the agent that wrote', () => {
    const one = driven([
      phase('p', [by('a', { agent: ['codex', 'claude'] }), by('b', { deliver: 'pull_request' })]),
    ]);
    end(one, 0, done());
    const [run] = runs(one);
    expect(run).toMatchObject({ base: 'main', agent: { name: 'claude' }, skill: { work: 'delivery' } });
    expect(run).not.toHaveProperty('checks');
    expect(run).not.toHaveProperty('forge');
  });

  it('waits while the execution is paused, and is nobody’s wish once its skill is left out', () => {
    const one = driven([phase('p', [by('a', { agent: 'claude' })])]);
    one.do('update', { status: 'paused' });
    expect(wanted(one)).toHaveLength(1);
    one.do('update', { status: 'active' });
    one.do('complete', { skill: 'a', outcome: 'skipped', summary: 'not needed' });
    expect(wanted(one)).toEqual([]);
  });
});

describe('what comes of its end', () => {
  it('the next agent goes on, without waiting for the quota of the one before', () => {
    const one = driven([phase('p', [by('a', { agent: ['claude', 'codex'] })])]);
    expect(runs(one)).toMatchObject([{ agent: { name: 'claude' }, policy: { onQuota: 'fail' } }]);
    end(one, 0, failed('rate_limited'));
    expect(runs(one)).toMatchObject([{ agent: { name: 'codex' } }]);
    expect(runs(one)[0]?.policy).not.toHaveProperty('onQuota');
    end(one, 0, failed());
    expect(one.skill('a')).toMatchObject({ state: 'failed', why: 'it broke' });
    expect(one.status).toBe('blocked');
    const before = wanted(one);
    one.do('steer', { steer: { act: 'retry', skill: 'a' } });
    expect(before).toEqual([]);
    expect(runs(one)).toMatchObject([{ agent: { name: 'claude' } }]);
  });

  it.each([
    ['fail', 'failed'],
    ['skip', 'skipped'],
  ])('one that ran out of time is never completed: then %s', (then, state) => {
    const one = driven([phase('p', [by('a', { agent: 'claude', timeout: timeout(then) })])]);
    expect(runs(one)).toMatchObject([{ policy: { attemptSecondsMax: 3600 } }]);
    one.pass(24 * 3_600_000);
    expect(one.skill('a').state).toBe('in-progress');
    end(one, 0, failed('timeout'));
    expect(one.skill('a').state).toBe(state);
  });

  it('a person who cancels it does not get the next agent', () => {
    const one = driven([phase('p', [by('a', { agent: ['claude', 'codex'] })])]);
    end(one, 0, failed('cancelled'));
    expect(one.skill('a').state).toBe('failed');
  });

  it('nobody reports in its place', () => {
    const one = driven([phase('p', [by('a', { agent: 'claude' }), skill('b')])]);
    expect(one.send('complete', { skill: 'a' })).toContain('skill a is done by the engine');
    end(one, 0, done());
    one.done('b');
    expect(one.status).toBe('completed');
  });

  it('what does not hold is done again as often as the loop says, then somebody decides', () => {
    const one = driven([
      phase('p', [by('a', { agent: 'claude', guarantees: [{ id: 'doc', deliverable: 'docs/*' }] })]),
    ]);
    end(one, 0, done()).see(() => false);
    expect(one.status).toBe('blocked');
    one.do('steer', { steer: { act: 'retry', skill: 'a' } });
    expect(runs(one)[0]?.requirement).toContain('did not count');
    end(one, 0, done()).see(() => true);
    expect(one.status).toBe('completed');
  });

  it('a brief without a value is paid for by nobody', () => {
    const one = driven([
      phase('p', [
        by('a', { agent: 'claude', returns: { n: 'number' }, timeout: timeout('skip') }),
        by('b', { agent: 'claude', brief: 'Use {{ a.n }}.' }),
      ]),
    ]);
    end(one, 0, failed('timeout'));
    expect(one.skill('b')).toMatchObject({ state: 'failed', why: 'there is no a.n' });
    expect(wanted(one)).toEqual([]);
  });
});

it('of each item there is one task, at most so many at once, and each end is counted once', () => {
  const ends = fc.array(fc.tuple(fc.nat(), fc.boolean()), { minLength: 40, maxLength: 60 });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 8 }),
      ends,
      (items, moves) => {
        const one = driven([
          phase('p', [
            by('a', {
              for_each: { in: items, as: 'it', at_most: 3, join: 'all_done' },
              agent: ['claude', 'codex'],
              brief: 'Do {{ it }}.',
              writes: 'none',
            }),
          ]),
        ]);
        const seen = new Set<string>();
        for (const [pick, isGood] of moves) {
          const open = wanted(one);
          if (open.length === 0) break;
          expect(open.length).toBeLessThanOrEqual(3);
          for (const { id } of open) seen.add(TaskId.parse(id));
          const task = open[pick % open.length];
          if (task === undefined) continue;
          const outcome = isGood ? done() : failed();
          endTask(one.execution, task, outcome, one.at);
          // Heard once more, as after a crash.
          endTask(one.execution, task, failed(), one.at);
          one.settle();
        }
        expect(one.status).toBe('completed');
        expect(seen.size).toBeGreaterThanOrEqual(items.length);
        expect(seen.size).toBeLessThanOrEqual(2 * items.length);
      },
    ),
  );
});
