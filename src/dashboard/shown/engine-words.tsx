/** What the engine says, with its commands as such. */
import { codeParts } from './code-parts.ts';
import { Visible } from './visible.tsx';

export const EngineWords = ({ text }: { readonly text: string }) => (
  <>
    {codeParts(text).map((part, at) =>
      part.is === 'code' ? (
        <code key={at}>
          <Visible text={part.text} />
        </code>
      ) : (
        <Visible key={at} text={part.text} />
      ),
    )}
  </>
);
