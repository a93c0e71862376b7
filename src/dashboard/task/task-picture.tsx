/** The tasks around a task: drawn, each a link. */
import { taskPage } from '../../domain/page-paths.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { taskRow, tasks } from '../client/known-rows.ts';
import { Scrolled } from '../shown/scrolled.tsx';
import { BOX, type Box, pictureOf } from './task-picture.ts';

const TITLE_CHARS = 26;

export function TaskPicture({ of: { id, plan, dependants = [] } }: { readonly of: TaskState }) {
  const picture = pictureOf({
    id,
    parent: plan?.parent,
    dependencies: plan?.dependencies ?? [],
    dependants,
    parts: tasks.value.filter((row) => row.plan?.parent === id).map((row) => row.id),
  });
  if (picture === undefined) return null;
  const { width, height, boxes, lines, words } = picture;
  return (
    <section class="stack" aria-labelledby="around">
      <h2 id="around">Tasks around it</h2>
      <Scrolled class="sheet broad" name="Picture of the tasks around it">
        <svg class="around" width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
          <title>Tasks around it</title>
          {words.map(({ text, x, y }) => (
            <text key={`${text} ${x}`} x={x} y={y} class="word">
              {text}
            </text>
          ))}
          {lines.map(({ x1, y1, x2, y2 }) => (
            <path
              key={`${x1} ${y1} ${x2} ${y2}`}
              d={`M${x1} ${y1} C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}`}
            />
          ))}
          {boxes.map((box) => (
            <BoxOf key={`${box.is} ${box.id}`} of={box} />
          ))}
        </svg>
      </Scrolled>
    </section>
  );
}

function BoxOf({ of: { id, is, x, y } }: { readonly of: Box }) {
  const row = taskRow(id);
  const title = row?.title.split('\n')[0] ?? id;
  const status = row?.status.replaceAll('_', ' ') ?? 'not in the lists';
  const body = (
    <>
      <rect x={x} y={y} width={BOX.width} height={BOX.height} rx={8} />
      <text x={x + 10} y={y + 18} class="name">
        {title.length > TITLE_CHARS ? `${title.slice(0, TITLE_CHARS - 1)}…` : title}
      </text>
      <text x={x + 10} y={y + 35} class="word">
        {status}
      </text>
    </>
  );
  if (is === 'self') return <g class="self">{body}</g>;
  return (
    <a href={taskPage(id as never)} class={row?.status ?? ''}>
      {body}
    </a>
  );
}
