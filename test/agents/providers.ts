/** The scripted providers in the words of the conformance suite. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { startAnthropic } from './anthropic.ts';
import { startChat } from './chat.ts';
import { startGemini } from './gemini.ts';
import { startOpenAi } from './openai.ts';
import { KEY, type PatientPlay, type Play, type Provider } from './play.ts';

export async function provideAnthropic(play: PatientPlay): Promise<Provider> {
  const { url, requests, close } = await startAnthropic(async (request) => {
    const move = await play(request);
    if ('write' in move)
      return { tool: 'Write', input: { file_path: move.write.path, content: move.write.text } };
    return 'run' in move ? { tool: 'Bash', input: { command: move.run, description: 'Run it' } } : move;
  });
  return { environment: { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: url }, asked: requests, close };
}

export async function provideOpenAi(play: PatientPlay): Promise<Provider> {
  const { url, requests, close } = await startOpenAi(async (request) => {
    const move = await play(request);
    // Its shell starts in the workspace.
    if ('write' in move)
      return { command: `printf %s '${move.write.text}' > '${basename(move.write.path)}'` };
    return 'run' in move ? { command: move.run } : move;
  });
  return { environment: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url }, asked: requests, close };
}

/** Gemini CLI has to be told which way of logging in is meant. */
export async function provideGemini(play: Play, { home }: { readonly home: string }): Promise<Provider> {
  mkdirSync(join(home, '.gemini'), { recursive: true });
  const settings = { security: { auth: { selectedType: 'gemini-api-key' } } };
  writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify(settings));
  const { url, requests, close } = await startGemini((request) => {
    const move = play(request);
    if ('write' in move)
      return { tool: 'write_file', input: { file_path: move.write.path, content: move.write.text } };
    return 'run' in move ? { tool: 'run_shell_command', input: { command: move.run } } : move;
  });
  return { environment: { GEMINI_API_KEY: KEY, GOOGLE_GEMINI_BASE_URL: url }, asked: requests, close };
}

/** opencode gets a provider of its user's, as its manual says for a server of one's own. */
export async function provideChat(play: Play, { home }: { readonly home: string }): Promise<Provider> {
  const { url, requests, close } = await startChat((request) => {
    const move = play(request);
    if ('write' in move)
      return { tool: 'write', input: { filePath: move.write.path, content: move.write.text } };
    return 'run' in move ? { tool: 'bash', input: { command: move.run, description: 'Run it' } } : move;
  });
  const folder = join(home, '.config', 'opencode');
  mkdirSync(folder, { recursive: true });
  const options = { baseURL: url, apiKey: '{env:OPENAI_API_KEY}' };
  const provider = { scripted: { npm: '@ai-sdk/openai-compatible', options, models: { m: { name: 'm' } } } };
  const permission = { bash: 'ask', edit: 'ask' };
  const config = { provider, model: 'scripted/m', small_model: 'scripted/m', autoupdate: false, permission };
  writeFileSync(join(folder, 'opencode.json'), JSON.stringify(config));
  return { environment: { OPENAI_API_KEY: KEY }, asked: requests, close };
}
