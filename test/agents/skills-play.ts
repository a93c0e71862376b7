/** A model that does the skills of `bugfix` and `feature` by the brief that it is sent, with one command each, when it is its turn. */
import { join } from 'node:path';
import { isBrief } from '../fixtures/agents/cart-skills.mjs';
import type { Asked, Move, Play } from './play.ts';

const PROGRAM = join(import.meta.dirname, '..', 'fixtures', 'agents', 'does-skill.mjs');

export interface SkillsPlay {
  readonly play: Play;
  /** The first lines of the briefs that were begun, and what took a turn besides. */
  readonly turns: string[];
  /** As many may have begun before the next one does; who comes sooner is never answered. */
  allow(count: number): void;
}

export function createSkillsPlay(): SkillsPlay {
  const turns: string[] = [];
  let allowed = 0;
  const begin = (brief: string): Move => {
    if (turns.length > allowed) return { hang: true };
    turns.push(brief.split('\n')[0] ?? '');
    return { run: `${process.execPath} ${PROGRAM} ${Buffer.from(brief).toString('base64')}` };
  };
  const play: Play = (asked) => {
    const texts = saidIn(asked);
    if (asked.afterTool) return { text: reportOf(texts) };
    const brief = texts.find(isBrief);
    return brief === undefined ? { text: 'I was asked for nothing that I know' } : begin(brief);
  };
  return {
    play,
    turns,
    allow: (count) => {
      allowed = count;
    },
  };
}

/** What the command printed last, as what an agent returns. */
function reportOf(texts: readonly string[]): string {
  const lines = texts.flatMap((text) => text.split('\n'));
  const returned = lines.findLast((line) => /^\{.*\}$/.test(line.trim()));
  return returned === undefined ? 'It failed' : `It is done.\n\`\`\`json\n${returned}\n\`\`\``;
}

/** The texts of a conversation in their order, whichever provider's it is. */
function saidIn({ body }: Asked): readonly string[] {
  const { messages, input } = JSON.parse(body);
  return textsIn(messages ?? input);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
