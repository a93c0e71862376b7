/** Who types an address that is none is told so. */
import { useLocation } from 'preact-iso/router';
import { useTabTitle } from '../client/open-decisions.ts';

export function NotFound() {
  const { path } = useLocation();
  useTabTitle(`Nothing is at ${path}`);
  return (
    <div class="sheet stack">
      <h1>Nothing is at {path}</h1>
      <p>
        <a href="/">What runs and what waits now</a>
      </p>
    </div>
  );
}
