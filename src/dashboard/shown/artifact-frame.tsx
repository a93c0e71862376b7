/**
 * A page among the artifacts as a browser shows it, in a frame of its own origin that runs nothing, reaches nothing and leads
 * nowhere: the sandbox forbids scripts, and the policy of this page is the frame's as well.
 */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { readBytes } from './artifact-bytes.ts';
import './artifact-frame.css';

interface FrameProps {
  readonly digest: string;
  readonly name: string;
}

export const isPage = (name: string): boolean => /\.html?$/i.test(name);

export function ArtifactFrame({ digest, name }: FrameProps) {
  const address = useSignal<string>();
  const problem = useSignal<string>();
  useEffect(() => {
    let made: string | undefined;
    let isCurrent = true;
    readBytes(digest).then(
      (content) => {
        if (!isCurrent) return;
        made = URL.createObjectURL(new Blob([content], { type: 'text/html' }));
        address.value = made;
      },
      (error: Error) => {
        problem.value = error.message;
      },
    );
    return () => {
      isCurrent = false;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [digest]);
  if (problem.value !== undefined) return <p role="alert">{problem}</p>;
  if (address.value === undefined) return <p class="quiet">Reading…</p>;
  return <iframe class="framed" sandbox="" src={address.value} title={`${name}, shown as a page`} />;
}
