/** The page: its bar, its banner, and what stands at the address. */
import './frame/frame.css';
import './shown/tasks.css';
import { LocationProvider, Route, Router } from 'preact-iso/router';
import { PAGE_PATHS } from '../domain/page-paths.ts';
import { Archive } from './archive/archive.tsx';
import { Board } from './board/board.tsx';
import { link } from './client/feed-link.ts';
import { entry } from './client/tab-session.ts';
import { Decision } from './decision/decision.tsx';
import { Engine } from './engine/engine.tsx';
import { Execution } from './execution/execution.tsx';
import { Banner } from './frame/banner.tsx';
import { Bar } from './frame/bar.tsx';
import { NotFound } from './frame/not-found.tsx';
import { Outside } from './frame/outside.tsx';
import { Now } from './now/now.tsx';
import { Task } from './task/task.tsx';

export function App() {
  if (entry.value.is === 'asking') return null;
  if (entry.value.is === 'out') return <Outside why={entry.value.why} />;
  return (
    <LocationProvider>
      <div class={link.value.is === 'away' ? 'away' : ''}>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Bar />
        <Banner />
        <main id="main" tabIndex={-1}>
          <Router>
            <Route path={PAGE_PATHS.now} component={Now} />
            <Route path={PAGE_PATHS.board} component={Board} />
            <Route path={PAGE_PATHS.archive} component={Archive} />
            <Route path={PAGE_PATHS.engine} component={Engine} />
            <Route path={PAGE_PATHS.decision} component={Decision} />
            <Route path={PAGE_PATHS.execution} component={Execution} />
            <Route path={PAGE_PATHS.task} component={Task} />
            <Route default component={NotFound} />
          </Router>
        </main>
      </div>
    </LocationProvider>
  );
}
