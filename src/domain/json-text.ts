/** JSON within a text. Workflows preload this module: keep its imports to zod. */
import { z } from 'zod';

export const JsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('expected JSON');
    return z.NEVER;
  }
});
