/** Whether changes are shown in one column or two: as this browser was last told, where two have room. */
import { computed, signal } from '@preact/signals';

export type Shape = 'unified' | 'beside';

const KEPT = 'pawl diff shape';
const wide = matchMedia('(min-width: 700px)');

export const hasRoom = signal(wide.matches);
wide.addEventListener('change', ({ matches }) => {
  hasRoom.value = matches;
});

const wanted = signal<Shape>(localStorage.getItem(KEPT) === 'beside' ? 'beside' : 'unified');

export const shape = computed((): Shape => (hasRoom.value ? wanted.value : 'unified'));

export function showAs(to: Shape): void {
  wanted.value = to;
  localStorage.setItem(KEPT, to);
}
