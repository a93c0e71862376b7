/** Files of a task: of its workspace while it has one, then what it left. */
import { describe, expect, it } from 'vitest';
import { addressOf } from '../../../../src/domain/artifact-address.ts';
import { workspaceFile, workspaceFiles } from '../../../../src/edge/compat/dashboard/task-files.ts';
import { fakeEngine } from '../../cli/fake-engine.ts';
import { DIGEST, pullRequest, state } from '../../cli/states.ts';
import { ago, askedOf } from './asked.ts';

const NOTES = `sha256:${'e'.repeat(64)}`;
const PICTURE = `sha256:${'f'.repeat(64)}`;
const left = state({
  status: 'completed',
  artifacts: [
    addressOf({ digest: NOTES, type: 'documentation', bytes: 6, name: 'docs/notes.md' }),
    addressOf({ digest: PICTURE, type: 'general', bytes: 2 }),
    'words of its client',
  ],
  pullRequest: pullRequest({ diff: DIGEST }),
});
const CONTENTS: Readonly<Record<string, Buffer>> = {
  [NOTES]: Buffer.from('notes\n'),
  [PICTURE]: Buffer.from([0xff, 0x00]),
  [DIGEST]: Buffer.from('diff --git\n'),
};
const engine = () =>
  fakeEngine(
    { fix: [left] },
    {
      artifact: async ({ digest }) => {
        const content = CONTENTS[digest] ?? Buffer.alloc(0);
        return { digest, bytes: content.length, content: content.toString('base64'), next: null };
      },
    },
  );
const list = async (asked: ReturnType<typeof askedOf>, task = 'fix') =>
  Object(workspaceFiles.output.parse(await workspaceFiles.answer(asked, { task })));
const read = async (asked: ReturnType<typeof askedOf>, path: string) =>
  Object(workspaceFile.output.parse(await workspaceFile.answer(asked, { task: 'fix', path })));

describe('while there is a workspace', () => {
  const file = { path: 'src/app.py', place: '/w/fix/src/app.py', bytes: 9, lines: 2, modifiedAt: ago(5) };
  const asked = () =>
    askedOf(engine(), {
      workspaceFiles: async () => ({ files: [file, { path: 'LICENSE', bytes: 1 }], isCut: true }),
      workspaceFile: async (_, path) => ({
        ...{ bytes: 9, modifiedAt: ago(5) },
        ...(path === 'logo.png' ? {} : { text: 'print(1)\n' }),
      }),
    });

  it('lists and reads its files', async () => {
    expect(await list(asked())).toEqual({
      ...{ source: 'workspace', truncated: true },
      files: [
        {
          ...{ name: 'app.py', path: 'src/app.py', full_path: '/w/fix/src/app.py', size: 9, lines: 2 },
          ...{ modified: ago(5), icon: '🐍', type: 'python' },
        },
        {
          ...{ name: 'LICENSE', path: 'LICENSE', full_path: 'LICENSE', size: 1, lines: null },
          ...{ modified: null, icon: '📄', type: 'text' },
        },
      ],
    });
    expect(await read(asked(), 'src/app.py')).toEqual({
      ...{ path: 'src/app.py', content: 'print(1)\n', size: 9, modified: ago(5) },
    });
  });

  it('refuses what is no text', async () => {
    await expect(read(asked(), 'logo.png')).rejects.toMatchObject({ code: 'no_text' });
  });
});

describe('once the workspace is gone', () => {
  it('lists and reads what the task left, and its change', async () => {
    const { files, source } = await list(askedOf(engine()));
    expect(source).toBe('artifacts');
    expect(files).toMatchObject([
      { name: 'notes.md', path: 'docs/notes.md', full_path: `pawl://artifacts/${NOTES}`, size: 6 },
      { path: PICTURE },
      { path: 'change.patch', type: 'patch' },
    ]);
    expect(await read(askedOf(engine()), 'docs/notes.md')).toMatchObject({ content: 'notes\n', size: 6 });
    expect(await read(askedOf(engine()), 'change.patch')).toMatchObject({ content: 'diff --git\n' });
  });

  it.each([
    ['docs/other.md', 'not_found'],
    ['../../token', 'not_found'],
    [PICTURE, 'no_text'],
    ['', 'invalid_input'],
  ])('refuses %j: %s', async (path, code) => {
    await expect(read(askedOf(engine()), path)).rejects.toMatchObject({ code });
  });
});

it('knows no files of a task that is not there, nor of no task', async () => {
  await expect(list(askedOf(engine()), 'none')).rejects.toMatchObject({ code: 'not_found' });
  await expect(workspaceFiles.answer(askedOf(engine()), {})).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(list(askedOf(engine()), '../fix')).rejects.toMatchObject({ code: 'invalid_input' });
});
