/**
 * The files of the live page. They are answered without a token, because a browser asks for them before it has one; nothing of
 * the engine's state is in them. The policy that goes along lets the page load and run these files and nothing else.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Context, Hono } from 'hono';
import { PAGE_PATHS } from '../../domain/page-paths.ts';

export interface PageFile {
  /** From the folder of the page, with `/`. */
  readonly path: string;
  readonly content: Buffer;
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** With it a name says the content, so that it never has to be asked for again. */
const ASSETS = 'assets/';
const FOR_EVER = 'public, max-age=31536000, immutable';

interface Kept extends PageFile {
  readonly type: string;
  readonly etag: string;
  readonly zipped: Buffer;
}

/** @param load the compiled page, read once: when a browser first asks for it */
export function createPages(load: () => Promise<readonly PageFile[]>): Hono {
  let loading: Promise<ReadonlyMap<string, Kept>> | undefined;
  const files = () => {
    loading ??= load().then((all) => new Map(all.map((file) => [file.path, kept(file)])));
    // What failed is tried again by the next who asks.
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };
  const app = new Hono();
  const html = async (context: Context) => answer(context, (await files()).get('index.html'), 'no-cache');
  for (const path of Object.values(PAGE_PATHS)) app.get(path, html);
  // Who types an address that is none is told so by the page, not in JSON.
  app.get('*', (context, next) => (isTyped(context) ? html(context) : next()));
  app.get(`/${ASSETS}:name`, async (context, next) => {
    const file = (await files()).get(ASSETS + context.req.param('name'));
    return file === undefined ? next() : answer(context, file, FOR_EVER);
  });
  return app;
}

const NOT_PAGES = /^\/(?:api|mcp|ws|assets|openapi\.json)(?:\/|$)/;
/** A browser that goes to an address, which says so by itself. */
const isTyped = ({ req }: Context): boolean =>
  req.header('sec-fetch-mode') === 'navigate' && !NOT_PAGES.test(req.path);

function kept({ path, content }: PageFile): Kept {
  const digest = createHash('sha256').update(content).digest('base64url');
  return {
    ...{ path, content },
    type: TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    etag: `"${digest}"`,
    zipped: gzipSync(content, { level: 9 }),
  };
}

function answer(context: Context, file: Kept | undefined, caching: string): Response {
  if (file === undefined) throw new Error('the compiled page has no index.html');
  const { type, etag, content, zipped } = file;
  const headers = {
    ...HEADERS,
    'Content-Type': type,
    'Cache-Control': caching,
    ETag: etag,
    Vary: 'Accept-Encoding',
  };
  if (context.req.header('if-none-match') === etag) return context.body(null, 304, headers);
  if (!/\bgzip\b/.test(context.req.header('accept-encoding') ?? ''))
    return context.body(bytes(content), 200, headers);
  return context.body(bytes(zipped), 200, { ...headers, 'Content-Encoding': 'gzip' });
}

const bytes = (buffer: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(buffer);
