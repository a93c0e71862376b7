/** The bundle of workflows: made once per content, whole for everyone who asks at the same time. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { workflowBundle } from '../src/workflow-bundle.ts';

it('is made once and then found', async () => {
  const [first, second] = await Promise.all([workflowBundle(), workflowBundle()]);
  expect(second).toEqual(first);
  const { ino } = statSync(first.codePath);
  await workflowBundle();
  expect(statSync(first.codePath).ino).toBe(ino);
});

it('of a process that runs older code is not taken for that of the new code', {
  timeout: 120_000,
}, async () => {
  const root = mkdtempSync(join(tmpdir(), 'pawl-bundle-'));
  try {
    const clone = join(import.meta.dirname, '..');
    for (const name of ['src', 'package.json', 'package-lock.json', 'tsconfig.json'])
      cpSync(join(clone, name), join(root, name), { recursive: true });
    mkdirSync(join(root, 'node_modules'));
    for (const name of readdirSync(join(clone, 'node_modules')))
      if (!name.startsWith('.'))
        symlinkSync(join(clone, 'node_modules', name), join(root, 'node_modules', name));
    const made = async (before: string) => {
      const script = `const { workflowBundle } = await import('./src/workflow-bundle.ts'); ${before}; console.log('\\n' + (await workflowBundle()).codePath);`;
      const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', script], { cwd: root });
      return stdout.split('\n').at(-1);
    };
    const changed =
      "(await import('node:fs')).appendFileSync('src/workflow-bundle.ts', '// made in another way\\n')";
    const older = await made(changed);
    expect(await made('')).not.toBe(older);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
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

it('maps to files and lines, and holds no text of the sources: each start reads it twice', async () => {
  const code = readFileSync((await workflowBundle()).codePath, 'utf8');
  const [, encoded = ''] = code.split('//# sourceMappingURL=data:application/json;charset=utf-8;base64,');
  const map = JSON.parse(Buffer.from(encoded, 'base64').toString());
  expect(map.sources).toContainEqual(expect.stringMatching(/src\/workflows\/task\.ts$/));
  expect(map).not.toHaveProperty('sourcesContent');
});
