/** Inputs of a loop, or what a skill returned, as rows of a list of facts. */
import type { Value } from '../../domain/loops/value-types.ts';
import { valueText } from '../../domain/loops/value-types.ts';
import { Visible } from './visible.tsx';

interface ValuesProps {
  readonly of: Readonly<Record<string, Value>>;
  readonly label: string;
}

export const Values = ({ of, label }: ValuesProps) => (
  <>
    {Object.entries(of).map(([name, value]) => (
      <>
        <dt key={`${name} name`}>
          {label} {name}
        </dt>
        <dd key={`${name} value`}>
          <Visible text={valueText(value)} charsMax={2_000} />
        </dd>
      </>
    ))}
  </>
);
