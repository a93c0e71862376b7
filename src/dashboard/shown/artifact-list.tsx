/** What a task left: files and texts of the artifact store, and what its client calls by words of its own. */
import { useSignal } from '@preact/signals';
import { referenceIn } from '../../domain/artifact-address.ts';
import { ArtifactFrame, isPage } from './artifact-frame.tsx';
import { ArtifactText } from './artifact-text.tsx';
import { bytesText } from './bytes-text.ts';
import { Download } from './download.tsx';
import { Name, Visible } from './visible.tsx';

export function ArtifactList({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="artifacts">
      <h2 id="artifacts">Artifacts</h2>
      <Artifacts of={of} />
    </section>
  );
}

/** The same without a heading. */
export const Artifacts = ({ of }: { readonly of: readonly string[] }) => (
  <ul class="plain stack" aria-label="Artifacts">
    {of.map((address) => (
      <li key={address} class="sheet">
        <One address={address} />
      </li>
    ))}
  </ul>
);

function One({ address }: { readonly address: string }) {
  const isOpen = useSignal(false);
  const reference = referenceIn(address);
  if (reference === undefined) return <Visible text={address} />;
  const { digest, type, bytes, name } = reference;
  return (
    <details
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>
        <span class="chip">{type}</span>{' '}
        <span class="mono">
          <Name text={name ?? digest} />
        </span>{' '}
        <span class="quiet">{bytesText(bytes)}</span>
      </summary>
      {isOpen.value && <Shown digest={digest} name={name ?? 'artifact.txt'} />}
    </details>
  );
}

function Shown({ digest, name }: { readonly digest: string; readonly name: string }) {
  const asPage = useSignal(false);
  return (
    <div class="stack">
      <div class="row">
        <Download digest={digest} name={name} />
        {isPage(name) && (
          <label class="inline">
            <input
              type="checkbox"
              checked={asPage}
              onChange={({ currentTarget }) => {
                asPage.value = currentTarget.checked;
              }}
            />
            As a page, without its scripts
          </label>
        )}
      </div>
      {asPage.value ? <ArtifactFrame digest={digest} name={name} /> : <ArtifactText digest={digest} />}
    </div>
  );
}
