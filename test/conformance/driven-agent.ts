/**
 * What every agent does that is driven by a model: the real program, with its provider scripted. An adapter says how its
 * provider is played and where its protocol tells less than others.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Agent, AgentEvent, AgentRequest } from '../../src/activities/ports/agent-port.ts';
import { markedProcesses, startTimeOf } from '../../src/adapters/programs/processes.ts';
import type { FailureClass } from '../../src/domain/failures.ts';
import { sumIn, usedSince } from '../../src/domain/session-usage.ts';
import type { AgentChoice } from '../../src/domain/task-spec.ts';
import type { Usage } from '../../src/domain/task-state.ts';
import { KEY, type Move, type Play, type Provider } from '../agents/play.ts';
import { attempt, newPlace, type Place } from '../agents/trial.ts';

export interface DrivenAgent {
  readonly agent: Agent;
  readonly choice: AgentChoice;
  /** The variable that holds the agent's key. */
  readonly key: string;
  /** `home` is where the agent may be set up. */
  provide(play: Play, place: Place): Promise<Provider>;
  /** What becomes of the rows below where this agent's protocol tells otherwise. */
  readonly told?: Readonly<Partial<Record<Row, Told | typeof RETRIES>>>;
  /** Whether a session goes on in a further process. */
  readonly resumes: boolean;
  /** Default true. */
  readonly tellsUsage?: boolean;
}

/** This agent asks its provider again for as long as it is let, and tells nobody: only the stall limit ends that. */
export const RETRIES = 'retries by itself';

type Row = (typeof ROWS)[number][0];
interface Told {
  readonly class: FailureClass;
  readonly facts: Readonly<Record<string, unknown>>;
}
const ROWS = [
  [
    '429 with Retry-After',
    { status: 429, headers: { 'retry-after': '7' } },
    { class: 'rate_limited', facts: { httpStatus: 429, retryAfterMs: 7_000 } },
  ],
  ['429 without', { status: 429 }, { class: 'rate_limited', facts: { httpStatus: 429 } }],
  ['500', { status: 500 }, { class: 'api_error', facts: { httpStatus: 500 } }],
  ['401', { status: 401 }, { class: 'auth', facts: { httpStatus: 401 } }],
  ['400', { status: 400 }, { class: 'invalid_output', facts: { httpStatus: 400 } }],
  [
    'a full conversation',
    {
      status: 400,
      code: 'context_length_exceeded',
      message: 'prompt is too long: your input exceeds the context window of this model',
    },
    { class: 'context_overflow', facts: { httpStatus: 400 } },
  ],
  ['a broken stream', { drop: true }, { class: 'api_error', facts: {} }],
] as const satisfies readonly (readonly [string, Move, Told])[];

const writes =
  (text: string, place: Place): Play =>
  ({ afterTool }) =>
    afterTool ? { text: 'out.txt is written' } : { write: { path: join(place.workspace, 'out.txt'), text } };

const usageIn = (events: readonly AgentEvent[]) => events.findLast((event) => event.type === 'usage');

/** What a run has used itself, by what it and the run of its session before it have told. */
function usedAfter(before: readonly AgentEvent[], events: readonly AgentEvent[]): Usage | undefined {
  const told = usageIn(events);
  if (told === undefined) return undefined;
  const { usage, ofSession = [] } = told;
  const earlier = usageIn(before)?.usage;
  const own = usedSince(earlier === undefined ? {} : sumIn(earlier, ofSession), usage, ofSession);
  return own.costUsd === undefined ? own : { ...own, costUsd: Number(own.costUsd.toFixed(6)) };
}

export function testDrivenAgent(create: () => DrivenAgent): void {
  const open: Provider[] = [];
  afterEach(async () => {
    for (const provider of open.splice(0)) await provider.close();
  });
  const trial = async (play: Play, changes: Partial<AgentRequest> = {}, place = newPlace()) => {
    const { agent, choice, provide } = create();
    const provider = await provide(play, place);
    open.push(provider);
    const environment = {
      ...provider.environment,
      GITHUB_TOKEN: 'secret-of-the-forge',
      PAWL_TOKEN: 'secret-of-pawl',
    };
    return { ...attempt(agent, place, environment, { choice, ...changes }), provider, place };
  };
  const hanging = async () => {
    const one = await trial(() => ({ hang: true }));
    const running = await one.pid;
    await expect.poll(() => one.provider.asked.length, { timeout: 20_000 }).toBeGreaterThan(0);
    return { ...one, running };
  };

  it('works in the workspace and tells what it does and used', async () => {
    const place = newPlace();
    const { ended, events } = await trial(writes('hello', place), {}, place);
    expect(await ended).toMatchObject({
      status: 'done',
      summary: expect.stringContaining('out.txt is written'),
    });
    expect(readFileSync(join(place.workspace, 'out.txt'), 'utf8')).toBe('hello');
    expect(events[0]).toEqual({ type: 'started', pid: expect.any(Number) });
    expect(events).toContainEqual({ type: 'session', id: expect.stringMatching(/\S/) });
    expect(events).toContainEqual({ type: 'progress', text: expect.stringMatching(/\S/) });
    const usage = usageIn(events)?.usage;
    if (create().tellsUsage === false) expect(usage).toBeUndefined();
    else expect(usage).toMatchObject({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) });
  });

  it('is given the whole requirement, whatever it looks like', async () => {
    const requirement = `--help $(touch pwned) \`x\` "'\\ 🚲\n${'long '.repeat(20_000)}end of it`;
    const { ended, provider } = await trial(() => ({ text: 'read' }), {
      task: { id: 'some-task', title: 'Some task', requirement },
    });
    expect(await ended).toMatchObject({ status: 'done' });
    const body = provider.asked.map((one) => one.body).join('');
    expect(body).toContain(JSON.stringify(requirement).slice(1, -1));
  });

  it('says that it is blocked, and why', async () => {
    const { ended } = await trial(() => ({ text: 'I looked.\nBLOCKED: which database?' }));
    expect(await ended).toEqual({ status: 'blocked', summary: 'which database?' });
  });

  it.runIf(create().resumes)('goes on with a session, and starts one where it is gone', async () => {
    const place = newPlace();
    const first = await trial(() => ({ text: 'the word is heliotrope' }), {}, place);
    await first.ended;
    const session = first.events.find((event) => event.type === 'session')?.id ?? '';
    const again = { number: 2, token: 't2', reason: 'fix', feedback: 'now in capitals', session } as const;
    const second = await trial(() => ({ text: 'done' }), { attempt: again }, place);
    expect(await second.ended).toMatchObject({ status: 'done' });
    const heard = second.provider.asked.at(-1)?.body;
    expect(heard).toContain('heliotrope');
    expect(heard).toContain('now in capitals');
    expect(usedAfter(first.events, second.events)).toEqual(usedAfter([], first.events));
    const lost = { ...again, session: session.replaceAll(/[0-9]/g, '7') };
    const third = await trial(() => ({ text: 'done' }), { attempt: lost }, place);
    expect(await third.ended).toMatchObject({ status: 'done' });
    expect(third.provider.asked.at(-1)?.body).toContain('Write out.txt');
  });

  describe('a refusal of its provider', () => {
    it.each(ROWS)('%s', async (name, move, expected) => {
      const { ended, stop, provider } = await trial(() => move);
      const told = create().told?.[name] ?? expected;
      if (told === RETRIES) {
        await expect.poll(() => provider.asked.length, { timeout: 50_000 }).toBeGreaterThan(1);
        stop.abort(new Error('stalled'));
        await expect(ended).rejects.toThrow('stalled');
        return;
      }
      const failure = await ended;
      expect(failure).toMatchObject(told);
      if (name === '429 without') expect(failure).not.toHaveProperty('facts.retryAfterMs');
    });
  });

  describe('ended from outside', () => {
    it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('%s is no success', async (signal) => {
      const { ended, running } = await hanging();
      process.kill(running, signal);
      expect(await ended).toMatchObject({ class: 'interrupted' });
    });

    it('an abort ends all of it, also while its provider is silent', async () => {
      const { ended, running, stop, request } = await hanging();
      stop.abort(new Error('asked to stop'));
      await expect(ended).rejects.toThrow('asked to stop');
      expect(startTimeOf(running)).toBeUndefined();
      expect(markedProcesses(request.mark)).toEqual([]);
    });
  });

  it.runIf(process.platform === 'linux')('has no secret but its own key, and its log has none', async () => {
    const { ended, events, running, stop, provider } = await hanging();
    const environment = readFileSync(`/proc/${running}/environ`, 'utf8').split('\0');
    expect(environment).toContain(`${create().key}=${KEY}`);
    expect(environment.filter((entry) => entry.includes('secret-of-'))).toEqual([]);
    stop.abort(new Error('seen'));
    await expect(ended).rejects.toThrow('seen');
    const spoken = await trial(() => ({ text: `the key is ${KEY}` }));
    await spoken.ended;
    expect(JSON.stringify([events, spoken.events])).not.toContain(KEY);
    expect(provider.asked.length).toBeGreaterThan(0);
  });

  it('a word of success without a change is a word, told as it was said', async () => {
    const place = newPlace();
    const { ended } = await trial(() => ({ text: 'I wrote it all' }), {}, place);
    expect(await ended).toMatchObject({ status: 'done', summary: 'I wrote it all' });
    expect(existsSync(join(place.workspace, 'out.txt'))).toBe(false);
  });

  it('says what is missing', async () => {
    const { agent, choice } = create();
    expect(await agent.problem({ ...choice, command: ['no-such-program'] })).toMatchObject({
      message: expect.stringMatching(/no-such-program.*not found/),
      lacks: { programs: ['no-such-program'] },
    });
    expect(await agent.problem(choice)).toMatchObject({
      message: expect.stringContaining(create().key),
      lacks: { variables: expect.arrayContaining([create().key]) },
    });
  });
}
