/** What several tools of the core take. */
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { TaskId, taskIdFrom } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { ToolKey } from '../tool.ts';

export const ById = { id: TaskId };

export const Title = z.string().min(1).max(LIMITS.titleCharsMax);
export const Description = z.string().max(LIMITS.descriptionCharsMax);

/** An id for a task that its caller gave none. With a key always the same one, so that a second call finds what the first one made. */
export const newId = (words: string, keyed: ToolKey | undefined): TaskId =>
  taskIdFrom(
    words,
    keyed?.id.slice(0, 12) ??
      randomInt(36 ** 5)
        .toString(36)
        .padStart(5, '0'),
  );
