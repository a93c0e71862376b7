/** What a workflow answers that is asked before it has read what it was told (`workflows/early-news.ts`). Whoever asks again is answered. */
export const EARLY_QUESTION = 'asked before it has read what it was told: ask again';
