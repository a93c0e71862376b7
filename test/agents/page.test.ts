/**
 * The real Claude Code and the real Codex on scripted providers, as a person sees them on the live page: from a requirement that is
 * typed there to its merge, with a line that is objected to and an engine that is killed on the way.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentsCache } from '../../scripts/agents/place.mjs';
import { findBrowser } from '../../scripts/browser/find.mjs';
import { freePort } from '../../src/engine/tcp-ports.ts';
import { newRepository, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { AWAY, fillIn, killUnder } from '../browser/acts.ts';
import { openPage, useBrowser } from '../browser/browser.ts';
import { type EngineRig, startRig } from '../e2e/rig.ts';
import type { PatientPlay, Provider } from './play.ts';
import { provideAnthropic, provideOpenAi } from './providers.ts';
import { agentProgram } from './rig.ts';

const FIRST = 'hello wrld';
const FIXED = 'hello world';
const REMARK = 'a letter of it is missing';

/** What the model does until it is told more. */
interface Model {
  readonly play: PatientPlay;
  /** Lets it say that the first work is done. */
  finish(): void;
  /** Lets it take up what was said of it, and nothing before; who asked sooner is never answered. */
  fix(): void;
}

function createModel(): Model {
  const finished = Promise.withResolvers<void>();
  let mayFix = false;
  const writes = (text: string) => ({ run: `printf '${text}\\n' | tee hello.txt` });
  return {
    async play({ afterTool, body }) {
      if (body.includes(REMARK)) {
        if (!mayFix) return { hang: true };
        return afterTool ? { text: 'The letter is there' } : writes(FIXED);
      }
      if (!afterTool) return writes(FIRST);
      await finished.promise;
      return { text: 'It says hello' };
    },
    finish: () => finished.resolve(),
    fix: () => {
      mayFix = true;
    },
  };
}

const isMissing = findBrowser() === undefined;
describe.skipIf(isMissing)(
  isMissing ? 'not run, for there is no browser: `npm run test:browser` says how to get one' : 'on the page',
  () => {
    let rig: EngineRig;
    let home: string;
    const providers: Record<string, Provider> = {};
    /** Of the story that goes on. */
    let model: Model;
    const play: PatientPlay = (asked) => model.play(asked);

    useBrowser();
    beforeAll(async () => {
      const parent = join(agentsCache(), 'test-homes');
      mkdirSync(parent, { recursive: true });
      home = mkdtempSync(join(parent, 'page-'));
      mkdirSync(join(home, '.codex'));
      // A model that is offered a shell as a function.
      writeFileSync(join(home, '.codex', 'config.toml'), 'model = "gpt-5-codex"\n');
      mkdirSync(join(home, '.claude'));
      const settings = {
        model: 'claude-sonnet-4-5',
        permissions: { allow: ['Bash(printf:*)', 'Bash(tee:*)'] },
      };
      writeFileSync(join(home, '.claude', 'settings.json'), JSON.stringify(settings));
      providers.claude = await provideAnthropic(play);
      providers.codex = await provideOpenAi(play);
      rig = await startRig({
        ...Object.assign({}, ...Object.values(providers).map(({ environment }) => environment)),
        HOME: home,
        PAWL_PORT: String(await freePort([])),
      });
    });
    afterAll(async () => {
      try {
        await rig.close();
      } finally {
        for (const provider of Object.values(providers)) await provider.close();
        rmSync(home, { recursive: true, force: true, maxRetries: 5 });
      }
    });

    it.each([
      // Two calls in each of two attempts, and none in the one between, which was killed.
      ['claude', { own: /^60 tokens · \$0\.0007$/, all: /120 tokens · \$0\.0013/ }],
      // It tells no cost.
      ['codex', { own: /^30 tokens$/, all: /60 tokens(?! · \$)/ }],
    ])(
      '%s works, is objected to, survives a kill, and is merged',
      async (agent, used) => {
        model = createModel();
        const asked = () => providers[agent]?.asked ?? [];
        const repository = newRepository({
          'pawl.yaml': `agents: ${JSON.stringify({ [agent]: { command: [agentProgram(agent)] } })}
checks: [{ name: says hello, run: [grep, hello, hello.txt] }]\n`,
        });
        const { page, close } = await openPage(rig);
        await fillIn(page, { requirement: `Say hello by ${agent}`, repository, agent });
        await page.getByText('says hello', { exact: true }).waitFor();
        await page.getByRole('button', { name: 'Start' }).click();
        await page.waitForURL(/\/tasks\/say-hello-/);
        const task = page.url();

        await page.getByText('Working', { exact: true }).waitFor();
        await logLine(page, FIRST).waitFor();
        await page.getByRole('link', { name: 'Board' }).click();
        const cardIn = (column: string) =>
          page
            .getByRole('region', { name: column })
            .locator('.card')
            .filter({ hasText: `by ${agent}` });
        await cardIn('Implementation').getByText('agent works').waitFor();
        model.finish();
        await cardIn('Integration').getByText('Needs you').waitFor();
        expect(await cardIn('Implementation').count()).toBe(0);

        await cardIn('Integration').getByRole('link').click();
        await page.waitForURL(/\/decision$/);
        await page.locator('.diff .added').filter({ hasText: FIRST }).waitFor();
        await page.getByRole('button', { name: 'Comment on line 1' }).click();
        await page.getByLabel('On hello.txt:1').fill(REMARK);
        await page.getByLabel('What is wrong with it').fill('Not yet');
        await page.getByRole('button', { name: 'Reject' }).click();
        await page.getByText(/^Rejected by /).waitFor();

        await page.getByRole('link', { name: /The task/ }).click();
        await attemptRow(page, 2).getByText('running').waitFor();
        const isTold = () => asked().filter(({ body }) => body.includes(`hello.txt:1: ${REMARK}`)).length;
        await expect.poll(isTold, { timeout: 30_000 }).toBe(1);
        rig = await killUnder(page, rig, model.fix);
        // Temporal takes a worker for lost when its heartbeats have stayed away.
        await attemptRow(page, 2)
          .getByText(/worker lost/i)
          .waitFor({ timeout: 90_000 });
        await attemptRow(page, 3).getByText('done', { exact: true }).waitFor({ timeout: 60_000 });
        await attemptRow(page, 3)
          .getByRole('cell', { name: /^gone on/ })
          .waitFor();
        // What it was told and in which session outlives the kill, as a further process of the agent shows.
        const session = await attemptRow(page, 1).locator('div.mono').innerText();
        await attemptRow(page, 3).getByText(session).waitFor();
        expect(isTold()).toBeGreaterThan(1);

        await page.getByRole('link', { name: 'Look and decide' }).click();
        await page.locator('.diff .added').filter({ hasText: FIXED }).waitFor();
        expect(await page.locator('.diff .added').filter({ hasText: FIRST }).count()).toBe(0);
        await page.getByText(new RegExp(`^${agent} · 3 attempts · .*${used.all.source}`)).waitFor();
        await page.getByRole('button', { name: 'Approve' }).click();
        await page.getByText(/^Approved by /).waitFor();
        await page.getByRole('link', { name: /The task/ }).click();
        await seesAll(page);
        await page.reload();
        await seesAll(page);
        for (const number of [1, 3]) await attemptRow(page, number).getByText(used.own).waitFor();
        expect(page.url()).toBe(task);
        await close(AWAY);

        const clone = scratchFolder('judged');
        userGit(clone, 'clone', '-q', repository, '.');
        expect(readFileSync(join(clone, 'hello.txt'), 'utf8')).toBe(`${FIXED}\n`);
        expect(userGit(clone, 'diff', '--name-only', 'HEAD~1', 'HEAD')).toBe('hello.txt');
        expect(userGit(clone, 'rev-list', '--count', '--first-parent', 'HEAD')).toBe('2');
      },
      240_000,
    );
  },
);

const logLine = (page: Page, text: string) =>
  page
    .getByRole('region', { name: 'Lines of the log' })
    .locator('.log-line')
    .filter({ hasText: text })
    .first();

const attemptRow = (page: Page, number: number) =>
  page
    .locator('table.attempts tbody tr')
    .filter({ has: page.getByRole('rowheader', { name: String(number), exact: true }) });

/** The whole story on the page of the task, once it is merged. */
async function seesAll(page: Page): Promise<void> {
  await page.getByText('Done', { exact: true }).waitFor();
  const story = page.getByRole('region', { name: 'Story' });
  for (const said of [/Attempt 1/, `hello.txt:1: ${REMARK}`, /Attempt 3/, /Approved by/, /Merged/])
    await story.getByText(said).first().waitFor();
  await logLine(page, FIXED).waitFor();
  await page.getByRole('combobox', { name: 'Attempt' }).selectOption('1');
  await logLine(page, FIRST).waitFor();
}
