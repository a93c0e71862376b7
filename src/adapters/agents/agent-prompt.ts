/** What is said to an agent that reads words, and how its last words are read. The same for every such agent. */
import type { AgentReport, AgentRequest } from '../../activities/ports/agent-port.ts';
import { clip, LIMITS } from '../../domain/limits.ts';
import { jsonObjectIn, type Returned } from './returned-json.ts';

const rulesIn = ({ workspace, directory }: AgentRequest): string =>
  directory === undefined
    ? `You work in the current directory, a git worktree made for this task alone. Change files only in it.\n${RULES}`
    : `You start in the folder that the task is about, in ${workspace}, a git worktree made for this task alone. Change files only in that.\n${RULES}`;

const RULES = `Do not commit, push or switch branches: what you leave in the directory is committed, checked and offered for you.
Nobody can answer while you work. If you cannot go on without a person's decision, end with one line
BLOCKED: <what you need to know>`;

const BLOCKED = /^BLOCKED:[ \t]*(\S.*)$/m;

/** `resumed`: the agent still has the conversation, so only what is new is said. */
export function promptOf(request: AgentRequest, resumed: boolean): string {
  const { task, attempt } = request;
  const { feedback, checkpoint } = attempt;
  if (resumed) return feedback ?? 'You were interrupted. Look at what is done already, then go on.';
  const parts = [task.requirement, rulesIn(request)];
  if (checkpoint !== undefined && checkpoint.completed.length > 0)
    parts.push(
      `An earlier attempt left its work in the directory. It said it had done: ${checkpoint.completed.join('; ')}`,
    );
  else if (checkpoint !== undefined && attempt.number > 1)
    parts.push('An earlier attempt left its work in the directory: look at it first.');
  if (checkpoint !== undefined && checkpoint.next.length > 0)
    parts.push(`It planned next: ${checkpoint.next.join('; ')}`);
  if (feedback !== undefined) parts.push(feedback);
  return parts.join('\n\n');
}

const BLOCK = /```(?:json)?[ \t]*\n([\s\S]*?)\n[ \t]*```/g;

/** The last block of JSON in its last message, or all of that, where it is an object: what the agent returns. */
export function returnedIn(text: string): Returned | undefined {
  const blocks = [...text.matchAll(BLOCK)].map(([, block = '']) => block);
  return jsonObjectIn(blocks.at(-1) ?? text);
}

/** An agent that ended well says in its last message whether it is done. */
export function reportOf(lastMessage: string): Pick<AgentReport, 'status' | 'summary'> & Returned {
  const text = lastMessage.trim();
  const question = BLOCKED.exec(text)?.[1];
  if (question !== undefined)
    return { status: 'blocked', summary: clip(question.trim(), LIMITS.summaryCharsMax) };
  return {
    status: 'done',
    ...returnedIn(text),
    summary: text === '' ? 'the agent said nothing' : clip(text, LIMITS.summaryCharsMax),
  };
}
