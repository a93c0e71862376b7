/** The scripted providers in the words of the conformance suite. */
import { KEY, type Play, type Provider } from '../conformance/driven-agent.ts';
import { startAnthropic } from './anthropic.ts';
import { startOpenAi } from './openai.ts';

export async function provideAnthropic(play: Play): Promise<Provider> {
  const { url, requests, close } = await startAnthropic((request) => {
    const move = play(request);
    if ('write' in move)
      return { tool: 'Write', input: { file_path: move.write.path, content: move.write.text } };
    return 'run' in move ? { tool: 'Bash', input: { command: move.run, description: 'Run it' } } : move;
  });
  return { environment: { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: url }, asked: requests, close };
}

export async function provideOpenAi(play: Play): Promise<Provider> {
  const { url, requests, close } = await startOpenAi((request) => {
    const move = play(request);
    if ('write' in move) return { command: `printf %s '${move.write.text}' > '${move.write.path}'` };
    return 'run' in move ? { command: move.run } : move;
  });
  return { environment: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url }, asked: requests, close };
}
