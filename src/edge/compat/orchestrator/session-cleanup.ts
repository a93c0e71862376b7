/** Forgetting sessions whose work is over, or that never had any. */
import { z } from 'zod';
import { tool } from '../../mcp/tool.ts';
import { atFirst, sessionOf, unlessGone } from './own-tasks.ts';
import { standingOf } from './sessions.ts';
import { Answered } from './words.ts';

const CLEANUPS = ['completed', 'orphaned', 'old', 'all'] as const;

export const cleanupSessions = tool({
  name: 'orchestrator_cleanup_sessions',
  title: 'Clean up sessions',
  description:
    'Forgets sessions without open tasks: their tasks stay. Only tells what it would do unless dry_run is false. A session with open tasks and the one you speak for are never touched.',
  input: z.strictObject({
    cleanup_type: z.enum(CLEANUPS).default('completed'),
    older_than_days: z.int().min(0).max(36_500).default(7),
    dry_run: z.boolean().default(true),
  }),
  output: z.looseObject({
    ...Answered,
    cleanup_type: z.enum(CLEANUPS),
    dry_run: z.boolean(),
    older_than_days: z.int(),
    sessions_found: z.int(),
    sessions_to_cleanup: z.array(z.string()),
    cleaned_sessions: z.array(z.string()),
    total_cleaned: z.int(),
    next_steps: z.array(z.string()),
  }),
  hints: { readOnly: false, destructive: true, idempotent: true },
  keeps: 'whole',
  async call(engine, { cleanup_type: kind, older_than_days: days, dry_run: dry }, context) {
    const own = await sessionOf(engine, context);
    const { sessions } = await engine.sessions({});
    const before = new Date(Date.now() - days * 86_400_000).toISOString();
    const forgettable = sessions.filter(
      (session) =>
        session.id !== own.id &&
        session.open === 0 &&
        session.lastActivityAt <= before &&
        (kind === 'all' || kind === 'old' || standingOf(session) === kind),
    );
    const found = forgettable.map(({ id }) => id);
    const ids = dry ? found : await atFirst(context, async () => found);
    if (!dry)
      for (const session of ids)
        await unlessGone(() => engine.forget({ session }, context.keyed?.part(`forget/${session}`)));
    const cleaned = dry ? [] : ids;
    const structured = {
      success: true as const,
      message: dry ? `${ids.length} sessions would be forgotten` : `${ids.length} sessions are forgotten`,
      cleanup_type: kind,
      dry_run: dry,
      older_than_days: days,
      sessions_found: sessions.length,
      sessions_to_cleanup: ids,
      cleaned_sessions: cleaned,
      total_cleaned: cleaned.length,
      next_steps: dry && ids.length > 0 ? ['call it again with dry_run false'] : [],
    };
    return { structured, text: structured.message };
  },
});
