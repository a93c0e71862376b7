import { EngineWords } from './engine-words.tsx';

/** What the engine answered instead of what was asked for. */
export const Problem = ({ of }: { readonly of: Error }) => (
  <p class="sheet bad" role="alert">
    <EngineWords text={of.message} />
  </p>
);
