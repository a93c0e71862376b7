/** The bar at the top: where one can go, how many decisions wait, and whether the page is live. */
import { useLocation } from 'preact-iso/router';
import { PAGE_PATHS } from '../../domain/page-paths.ts';
import { link } from '../client/feed-link.ts';
import { decisions } from '../client/open-decisions.ts';
import { entry } from '../client/tab-session.ts';
import { Keyboard } from './keyboard.tsx';
import { allow, allowed } from './notices.ts';

const PLACES = [
  ['Now', PAGE_PATHS.now],
  ['Board', PAGE_PATHS.board],
  ['Engine', PAGE_PATHS.engine],
  ['Archive', PAGE_PATHS.archive],
] as const;

export function Bar() {
  const { path } = useLocation();
  const waiting = decisions.value.length;
  return (
    <header class="bar">
      <a class="name" href="/">
        Pawl
      </a>
      <nav aria-label="Pages">
        {PLACES.map(([name, to]) => (
          <a key={to} href={to} aria-current={path === to ? 'page' : undefined}>
            {name}
            {to === PAGE_PATHS.now && waiting > 0 && (
              <>
                {' '}
                <span class="count">
                  {waiting}
                  <span class="visually-hidden"> wait for a decision</span>
                </span>
              </>
            )}
          </a>
        ))}
      </nav>
      <div class="end quiet">
        <Live />
        <Notices />
        <Keyboard />
        {entry.value.is === 'in' && <span>{entry.value.session.name}</span>}
      </div>
    </header>
  );
}

function Notices() {
  if (allowed.value !== 'default') return null;
  return (
    <button type="button" onClick={() => void allow()}>
      Notify me
    </button>
  );
}

function Live() {
  switch (link.value.is) {
    case 'live':
      return <span class="chip good">● live</span>;
    case 'connecting':
      return <span class="chip">connecting</span>;
    case 'away':
      return <span class="chip bad">not live</span>;
  }
}
