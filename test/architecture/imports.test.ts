/**
 * The direction of imports, which ARCHITECTURE.md draws: `edge → domain ← workflows → (types) activities → ports ←
 * adapters`. A side that learns about another one by accident fails here, with the line that did it.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, importsOf, SOURCES } from './sources.ts';

interface Rule {
  /** What may be imported: package names as they are, Pawl's own modules as paths from `src`. */
  readonly value: RegExp;
  /** What may be imported as a type on top of that: it is gone when the code runs. */
  readonly type?: RegExp;
}

const LIBRARY = String.raw`(?!@temporalio\/|src\/|\.)(?:@[\w.-]+\/)?[\w.-]+(?:\/[\w./-]+)?$|node:`;

const RULES: Record<string, Rule> = {
  // Also bundled into workflows: nothing that the sandbox lacks, no clock, no Node.
  domain: { value: /^(?:zod$|@noble\/hashes\/|src\/domain\/)/ },
  workflows: {
    value: /^(?:@temporalio\/(?:workflow|common)$|src\/workflows\/|src\/domain\/)/,
    type: /^src\/activities\//,
  },
  activities: {
    value: /^(?:@temporalio\/(?:activity|common)$|node:|src\/activities\/|src\/domain\/)/,
    type: /^src\/workflows\//,
  },
  adapters: { value: new RegExp(`^(?:${LIBRARY}|src/adapters/|src/domain/|src/activities/ports/)`) },
  // An edge speaks to the operations; which engine answers them is decided where the program is put together.
  edge: { value: new RegExp(`^(?:${LIBRARY}|src/edge/|src/domain/)`) },
  // In a browser: what it shares with the engine are types, and facts that bring no schemas along.
  dashboard: {
    value:
      /^(?:preact(?:-iso)?(?:\/|$)|@preact\/signals$|diff$|anser$|uplot(?:\/|$)|@tanstack\/virtual-core$|src\/dashboard\/|src\/domain\/)/,
    // What the routes answer that are no operations.
    type: /^src\/edge\/compat\/dashboard\//,
  },
};

/** A module of Pawl by its path from the repository, everything else as it is written. */
const nameOf = (file: string, from: string): string =>
  from.startsWith('.') ? relative(dirname(SOURCES), join(dirname(file), from)) : from;

function problemsIn(folder: string, file: string, code: string): readonly string[] {
  const rule = RULES[folder];
  if (rule === undefined) return [`no rule for src/${folder}`];
  return importsOf(code)
    .map(({ from, typeOnly }) => ({ name: nameOf(file, from), typeOnly }))
    .filter(({ name, typeOnly }) => !rule.value.test(name) && !(typeOnly && rule.type?.test(name) === true))
    .map(({ name, typeOnly }) => `${relative(SOURCES, file)} imports ${typeOnly ? 'types of ' : ''}${name}`);
}

const filesIn = (folder: string): readonly string[] => filesBelow(join(SOURCES, folder));

describe.each(Object.keys(RULES))('src/%s', (folder) => {
  it('imports only what it may', () => {
    const files = filesIn(folder);
    expect(files).not.toEqual([]);
    expect(files.flatMap((file) => problemsIn(folder, file, readFileSync(file, 'utf8')))).toEqual([]);
  });
});

/** Packages that a file loads with all that it loads, and by which file; what is imported when it is needed is not loaded. */
function packagesOf(...roots: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const files = new Set(roots.map((name) => join(SOURCES, name)));
  for (const file of files) {
    for (const { from, typeOnly, whenNeeded } of importsOf(readFileSync(file, 'utf8'))) {
      if (typeOnly || whenNeeded) continue;
      if (from.startsWith('.')) files.add(join(dirname(file), from));
      else found.set(from, relative(SOURCES, file));
    }
  }
  return found;
}

it('a command that asks an engine loads neither Temporal nor what draws on a terminal: each is half of its start or a fifth', () => {
  const asks = packagesOf('main.ts', 'engine/background.ts', 'connect.ts');
  expect([...asks].filter(([name]) => /^@temporalio|^log-update$|^@clack/.test(name))).toEqual([]);
  // The search finds what is there.
  expect([...packagesOf('server.ts').keys()]).toContain('@temporalio/client');
});

it('the live page loads facts of the domain, and no schemas: they are more than all of the page', () => {
  const loads = packagesOf('dashboard/main.tsx');
  expect(loads.get('zod')).toBeUndefined();
  // The search goes through to the facts.
  expect([...loads.keys()]).toContain('preact');
});

it('an engine loads what the steps of its worker need while the thread of workflows begins, which takes as long', () => {
  const forSteps = /^execa$|^yaml$|^@agentclientprotocol|^@octokit/;
  const before = packagesOf('server.ts', 'worker.ts');
  expect([...before].filter(([name]) => forSteps.test(name))).toEqual([]);
  const after = packagesOf('worker/step-worker.ts');
  expect([...after.keys()].filter((name) => forSteps.test(name)).length).toBeGreaterThanOrEqual(4);
});

/** The test of the test: each of these must be caught, or the rules above hold nothing. */
it.each([
  ['domain', `import { proxyActivities } from '@temporalio/workflow';`],
  ['domain', `import type { Config } from '../config.ts';`],
  ['domain', `import { readFileSync } from 'node:fs';`],
  ['domain', `export * from '../adapters/git/run-git.ts';`],
  ['domain', `const it = await import('execa');`],
  ['workflows', `import { createActivities } from '../activities/index.ts';`],
  ['workflows', `import { Client } from '@temporalio/client';`],
  ['workflows', `import 'node:fs';`],
  ['activities', `import { execa } from 'execa';`],
  ['activities', `import {\n  createGit,\n} from '../adapters/git/run-git.ts';`],
  ['adapters', `import { Context } from '@temporalio/activity';`],
  ['adapters', `import { Client } from "@temporalio/client";`],
  ['adapters', `import { createActivities } from '../activities/index.ts';`],
  ['edge', `import { createEngineApi } from '../client.ts';`],
  ['edge', `import type { Client } from '@temporalio/client';`],
])('catches in src/%s: %s', (folder, code) => {
  expect(problemsIn(folder, join(SOURCES, folder, 'some.ts'), code)).toHaveLength(1);
});

it.each([
  ['domain', `import { sha256 } from '@noble/hashes/sha2.js';\nimport { z } from 'zod';`],
  ['workflows', `import type { Activities } from '../activities/index.ts';`],
  ['activities', `// import { execa } from 'execa';\nimport { Context } from '@temporalio/activity';`],
  [
    'adapters',
    `import { execa } from 'execa';\nimport type { Forge } from '../activities/ports/forge-port.ts';`,
  ],
  ['edge', `import { Command } from 'commander';\nimport { operations } from '../../domain/operations.ts';`],
])('allows in src/%s: %s', (folder, code) => {
  const file = join(SOURCES, folder, folder === 'edge' ? 'cli/some.ts' : 'some.ts');
  expect(problemsIn(folder, file, code)).toEqual([]);
});
