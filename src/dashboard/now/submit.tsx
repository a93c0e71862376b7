/** Gives a requirement to an agent, or to a loop. */
import { useSignal } from '@preact/signals';
import { NewWork } from './new-work.tsx';
import { useTyped } from './typed-work.ts';
import './submit.css';

export function Submit() {
  const typed = useTyped();
  const isOpen = useSignal(typed.requirement.peek() !== '');
  return (
    <details
      class="sheet submit"
      open={isOpen.value}
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>New requirement</summary>
      {isOpen.value && <NewWork typed={typed} />}
    </details>
  );
}
