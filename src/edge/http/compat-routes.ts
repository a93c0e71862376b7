/** The rows of `edge/compat/dashboard` as they travel over HTTP. */
import type { Context } from 'hono';
import { dashboardRoutes } from '../compat/dashboard/dashboard-table.ts';
import { openExport } from '../compat/dashboard/export.ts';
import type { Asked, CompatRoute } from '../compat/dashboard/route.ts';
import { type WireRoute, wireOf } from './routes.ts';

interface CompatWire extends WireRoute, Pick<CompatRoute, 'output' | 'answer'> {}

export const COMPAT_ROUTES: readonly CompatWire[] = dashboardRoutes.map((row) => ({
  ...wireOf(row),
  ...{ name: row.name, output: row.output, answer: row.answer },
}));

/** As it is read: nobody holds all of it. @throws PawlError before the first part */
export async function answerExport(context: Context, asked: Asked): Promise<Response> {
  const parts = await openExport(asked);
  return context.body(ReadableStream.from(bytesOf(parts)), 200, { 'Content-Type': 'application/json' });
}

function* bytesOf(parts: Iterable<string>): Generator<Uint8Array<ArrayBuffer>> {
  for (const part of parts) yield new TextEncoder().encode(part);
}
