/** What a browser has to load before the first page is drawn. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { dashboardFiles } from '../../src/dashboard-files.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SCRIPT_BYTES_MAX = 90_000;

it(`is at most ${SCRIPT_BYTES_MAX} bytes of JavaScript, packed`, async () => {
  const files = new Map((await dashboardFiles()).map(({ path, content }) => [path, content]));
  const html = files.get('index.html')?.toString() ?? expect.fail('no index.html');
  const scripts = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path ?? '');
  expect(scripts).not.toEqual([]);
  const packed = scripts.map((path) => gzipSync(files.get(path) ?? expect.fail(path), { level: 9 }).length);
  expect(packed.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(SCRIPT_BYTES_MAX);
  // Built for use, not for development: it names no file of whoever built it.
  for (const [path, content] of files) expect(content.includes(ROOT), path).toBe(false);
  // Nothing of it is from elsewhere, and nothing stands in the page itself.
  expect(html).not.toMatch(/https?:|<style|<script(?![^>]*\ssrc=)/);
});
