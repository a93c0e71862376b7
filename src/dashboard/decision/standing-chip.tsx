/** How a phase, a skill or a gate stands: a word, never a colour alone. */
import type { Standing } from '../execution/execution-words.ts';

export const Chip = ({ of: { word, look } }: { readonly of: Standing }) => (
  <span class={`chip ${look}`}>{word}</span>
);
