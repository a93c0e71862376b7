/** Where a page of the dashboard gets the token of its tab: the one call, beside the health, that needs no token. */
import { Hono } from 'hono';
import { z } from 'zod';
import { parseInput } from '../../domain/parse-input.ts';
import type { OpenedTab } from '../../domain/tabs.ts';
import { readBody } from './json.ts';

const BODY_BYTES_MAX = 4_096;

export const TabRequest = z.strictObject({
  /** As the link has it behind `#code=`. */
  code: z.string().min(1).max(200),
});

export const TABS_PATH = '/api/dashboard/tokens';

export interface DashboardRoutesDeps {
  /** @throws Refusal `unauthorized` for a code that is not taken */
  readonly open: (code: string) => Promise<OpenedTab>;
}

export function createDashboardRoutes({ open }: DashboardRoutesDeps): Hono {
  const routes = new Hono();
  routes.post(TABS_PATH, async (context) => {
    context.header('Cache-Control', 'no-store');
    const { code } = parseInput('dashboard', TabRequest, await readBody(context.req, BODY_BYTES_MAX));
    return context.json(await open(code));
  });
  return routes;
}
