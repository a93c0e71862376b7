/** Compiles the live page into a folder: `node scripts/dashboard/build.mjs FOLDER`. It appears whole or not at all. */
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..', '..', 'src', 'dashboard');
const out = resolve(process.argv[2] ?? 'dist/dashboard');
const unfinished = `${out}.${randomUUID()}`;

// The same files whoever builds them: that of a test or of development would name this machine's paths.
process.env.NODE_ENV = 'production';
const { build } = await import('vite');
await build({
  root,
  base: '/',
  configFile: false,
  logLevel: 'warn',
  // The settings of TypeScript for the page; nothing of them is about JSX at run time.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  build: {
    outDir: unfinished,
    emptyOutDir: true,
    target: 'es2024',
    // The policy of the page allows neither inline scripts nor styles, nor anything from elsewhere.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    cssMinify: true,
  },
});
rmSync(out, { recursive: true, force: true });
renameSync(unfinished, out);
