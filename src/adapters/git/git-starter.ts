/** Who starts git for this process: the process itself, unless whoever joins its sides has said otherwise. */
import { type Starter, starterHere } from '../programs/starter.ts';

let others: readonly Starter[] = [];

export const gitStarter = (): Starter => others.at(-1) ?? starterHere;

/** From now on git is started by `starter`, where nobody says otherwise later. @returns what takes it back */
export function startGitBy(starter: Starter): () => void {
  others = [...others, starter];
  return () => {
    others = others.filter((one) => one !== starter);
  };
}
