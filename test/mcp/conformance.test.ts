/** The official conformance suite on the fixture server, at both revisions of the protocol, the tasks scenarios included. */
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suiteProgram } from '../../scripts/mcp/place.mjs';
import { EXPECTED_FAILURES, type Revision } from './expected-failures.ts';
import { type FixtureServer, startFixtureServer } from './fixture-server.ts';

/** The suite gives each scenario half a minute. */
const SUITE_MS_MAX = 300_000;

let server: FixtureServer;
beforeAll(async () => {
  server = await startFixtureServer();
});
afterAll(() => server.close());

interface Scenario {
  readonly name: string;
  readonly failed: boolean;
  readonly checks: number;
}

/** What its summary says, also of the scenarios that it does not count. */
function scenariosIn(output: string): readonly Scenario[] {
  const summary = output.split('=== SUMMARY ===')[1] ?? '';
  return [...summary.matchAll(/^[✓✗~] ([\w-]+): (\d+) passed, (\d+) failed/gm)].map(
    ([, name = '', passed, failed]) => ({
      name,
      failed: Number(failed) > 0,
      checks: Number(passed) + Number(failed),
    }),
  );
}

describe.each<[Revision, readonly string[]]>([
  ['2025-11-25', ['tools-list', 'dns-rebinding-protection']],
  ['2026-07-28', ['server-stateless', 'tasks-lifecycle', 'tasks-mrtr-input', 'http-header-validation']],
])('conformance to %s', (revision, among) => {
  it('fails no scenario but those that are expected to', { timeout: SUITE_MS_MAX }, async () => {
    const program = suiteProgram('conformance');
    const ran = await execa(program, ['server', '--url', server.url, '--requirements', revision], {
      all: true,
      reject: false,
      timeout: SUITE_MS_MAX,
      env: { NO_COLOR: '1' },
    });
    const scenarios = scenariosIn(ran.all);
    // A suite that could not run at all must not look like one without failures.
    for (const name of among) {
      const found = scenarios.find((one) => one.name === name);
      expect(found?.checks, `${name} in:\n${ran.all}`).toBeGreaterThan(0);
    }
    const failed = scenarios.filter((one) => one.failed).map(({ name }) => name);
    expect(failed.toSorted(), ran.all).toEqual(Object.keys(EXPECTED_FAILURES[revision]).toSorted());
  });
});
