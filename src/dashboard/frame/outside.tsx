import { EngineWords } from '../shown/engine-words.tsx';

/** For whoever has no token: how to get one. */
export function Outside({ why }: { readonly why: string | undefined }) {
  return (
    <main>
      <div class="sheet stack">
        <h1>Pawl</h1>
        {why !== undefined && (
          <p class="problem" role="alert">
            <EngineWords text={why} />
          </p>
        )}
        <p>
          This page is for people who can reach the engine's host. In a terminal there, this prints a link
          that opens it, good for one use:
        </p>
        <pre>pawl dashboard</pre>
        <p class="quiet">
          To look only, without deciding: <code>pawl dashboard --scope read</code>
        </p>
      </div>
    </main>
  );
}
