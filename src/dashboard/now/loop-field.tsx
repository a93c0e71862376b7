/** One input of a loop: what it is, whether it has to be there, and what is wrong with what stands in it. */
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { valueText } from '../../domain/loops/value-types.ts';
import { Visible } from '../shown/visible.tsx';
import { type PlannedInput, problemWithText, typeOf } from './loop-inputs.ts';

interface FieldProps {
  readonly loop: string;
  readonly input: PlannedInput;
  readonly text: string;
  readonly onText: (text: string) => void;
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export function LoopField({ loop, input, text, onText }: FieldProps) {
  const id = useId();
  const control = useRef<Control>(null);
  /** Nothing is called wrong while it is written. */
  const isLeft = useSignal(false);
  const problem = problemWithText(loop, input, text);
  // The browser sends no form with one that is wrong, and leads to it.
  useEffect(() => control.current?.setCustomValidity(problem ?? ''));
  const isWrong = isLeft.value && problem !== undefined;
  const common = {
    ...{ id, ref: control as never, value: text },
    'aria-describedby': `${id}-about`,
    'aria-invalid': isWrong,
    required: input.required,
    onInput: ({ currentTarget }: { readonly currentTarget: Control }) => onText(currentTarget.value),
    onBlur: () => {
      isLeft.value = true;
    },
    onInvalid: () => {
      isLeft.value = true;
    },
  };
  return (
    <div class="loop-field">
      <label for={id}>
        {input.name}
        {input.required && ' (required)'}
      </label>
      <ControlOf input={input} common={common} />
      <div id={`${id}-about`} class="quiet">
        {input.description !== undefined && <Visible text={input.description} />}
        {input.value !== undefined && (
          <div>
            If left empty: <Visible text={valueText(input.value)} />
          </div>
        )}
        {isWrong && (
          <div class="wrong">
            <Visible text={problem} />
          </div>
        )}
      </div>
    </div>
  );
}

function ControlOf({ input, common }: { readonly input: PlannedInput; readonly common: object }) {
  const type = typeOf(input);
  const choices = type.kind === 'enum' ? type.of : type.kind === 'boolean' ? ['true', 'false'] : undefined;
  if (choices !== undefined)
    return (
      <select {...common}>
        <option value="">—</option>
        {choices.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    );
  if (type.kind === 'number') return <input inputMode="decimal" {...common} />;
  return <textarea placeholder={type.kind === 'string[]' ? 'one a line' : ''} {...common} />;
}
