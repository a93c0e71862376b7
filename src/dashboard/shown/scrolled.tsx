/** What may be wider or longer than its place: it is scrolled there, by keys as well. */
import type { ComponentChildren } from 'preact';

interface ScrolledProps {
  /** What is in it, for those who do not see it. */
  readonly name: string;
  readonly class: string;
  readonly children: ComponentChildren;
}

/** A group and no region: a page may have dozens of them, which are no places to go to. */
export const Scrolled = ({ name, class: look, children }: ScrolledProps) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
  // biome-ignore lint/a11y/noNoninteractiveTabindex: only what has the focus is scrolled by keys
  <div role="group" class={look} tabIndex={0} aria-label={name}>
    {children}
  </div>
);
