/**
 * `npm test`: every check of this repository in turn, none left out because an earlier one failed, and one line at the
 * end. With arguments (`npm test -- test/domain`) only the tests they name. Where `PAWL_TEST_REPORT` names a file, the
 * counts are written there as JSON, with one line for each failure: each check counts as one, each test as one.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { coverageArgs, coverageIn } from './coverage.mjs';

const root = join(import.meta.dirname, '..');
const named = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'pawl-test-report-'));
const testReport = join(scratch, 'vitest.json');

const CHECKS = [
  { name: 'format and lint', program: 'biome', args: ['check', '--error-on-warnings'] },
  { name: 'types', program: 'tsc', args: ['--noEmit'] },
  { name: 'types of the page', program: 'tsc', args: ['--noEmit', '-p', 'src/dashboard'] },
  { name: 'dead code', program: 'knip', args: [] },
];
// Of some tests alone it would say nothing.
const coverage = named.length > 0 ? undefined : join(scratch, 'coverage');
if (coverage !== undefined) mkdirSync(coverage);
const TESTS = {
  name: 'tests',
  program: 'vitest',
  args: [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${testReport}`,
    ...(coverage === undefined ? [] : coverageArgs(coverage)),
    ...named,
  ],
  env: { ...process.env, ...(coverage === undefined ? {} : { PAWL_COVERAGE: coverage }) },
};

/** Runs one check with its output live; true when it passed. */
function passes({ name, program, args, env = process.env }) {
  console.log(`\n▸ ${name}`);
  const path = join(root, 'node_modules', '.bin', program);
  const { status, signal, error } = spawnSync(path, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error !== undefined) throw error;
  if (signal !== null) process.kill(process.pid, signal);
  return status === 0;
}

/** What vitest counted; a run that ended badly counts at least one failure, also when no test is to blame. */
function countsOf(passed) {
  let report;
  try {
    report = JSON.parse(readFileSync(testReport, 'utf8'));
  } catch (error) {
    console.error(`no report of the tests: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0, failures: ['no report of the tests'] };
  }
  const failed = report.numFailedTests;
  return {
    passed: report.numPassedTests,
    failed: passed ? failed : Math.max(1, failed),
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    failures: report.testResults.flatMap(failuresOf),
  };
}

/** A line for each failed test of a file, and one for the file where it failed outside of them (a hook, an import). */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(root, name);
  const lines = assertionResults
    .filter((test) => test.status === 'failed')
    .map((test) => `${file} > ${test.fullName}: ${firstLineOf(test.failureMessages[0])}`);
  return lines.length === 0 && status === 'failed' ? [`${file}: ${firstLineOf(message)}`] : lines;
}

function firstLineOf(message) {
  return stripVTControlCharacters(message ?? '').split('\n', 1)[0];
}

try {
  const checks = (named.length > 0 ? [] : CHECKS).map((check) => ({
    name: check.name,
    passed: passes(check),
  }));
  const tests = countsOf(passes(TESTS));
  if (coverage !== undefined) {
    const { words, enough } = coverageIn(coverage, root);
    console.log(`\n${words}`);
    checks.push({ name: 'coverage', passed: enough });
  }
  const broken = checks.filter((check) => !check.passed).map((check) => check.name);
  const counts = {
    passed: tests.passed + checks.length - broken.length,
    failed: tests.failed + broken.length,
    skipped: tests.skipped,
    failures: [...broken, ...tests.failures],
  };
  if (process.env.PAWL_TEST_REPORT) writeFileSync(process.env.PAWL_TEST_REPORT, JSON.stringify(counts));
  const words = [`${tests.passed} tests passed`, `${tests.failed} failed`, `${tests.skipped} skipped`];
  for (const { name, passed } of checks) words.push(`${name} ${passed ? 'fine' : 'FAILED'}`);
  // No test at all is not a success.
  const good = counts.failed === 0 && tests.passed > 0;
  for (const failure of counts.failures) console.log(`✘ ${failure}`);
  console.log(`\n${good ? '✔' : '✘'} ${words.join(' · ')}`);
  process.exitCode = good ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
