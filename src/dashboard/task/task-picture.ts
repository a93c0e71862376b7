/** The tasks around one as boxes and lines: what it waits for at the left, what waits for it at the right. Pure. */

export interface Around {
  readonly id: string;
  readonly parent: string | undefined;
  readonly dependencies: readonly string[];
  readonly dependants: readonly string[];
  readonly parts: readonly string[];
}
export interface Box {
  readonly id: string;
  readonly is: keyof typeof COLUMN_OF;
  readonly x: number;
  readonly y: number;
}
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  /** From the middle of an edge of one box to that of another. */
  readonly lines: readonly {
    readonly x1: number;
    readonly y1: number;
    readonly x2: number;
    readonly y2: number;
  }[];
  readonly words: readonly { readonly text: string; readonly x: number; readonly y: number }[];
}

export const BOX = { width: 200, height: 44 } as const;
const GAP = { x: 70, y: 12 } as const;
const HEAD = 22;
/** More boxes in one place than this are a number. */
const BOXES_MAX = 8;

const COLUMN_OF = { dependency: 0, parent: 1, self: 1, part: 1, dependant: 2 } as const;

/** undefined where the task stands alone. */
export function pictureOf({ id, parent, dependencies, dependants, parts }: Around): Picture | undefined {
  if (parent === undefined && dependencies.length + dependants.length + parts.length === 0) return undefined;
  const columns = [dependencies.length > 0, true, dependants.length > 0];
  const left = (column: number) => columns.slice(0, column).filter(Boolean).length * (BOX.width + GAP.x) + 1;
  const middle = stacked(left(1), [
    ...(parent === undefined ? [] : [{ is: 'parent', words: 'Part of', ids: [parent] } as const]),
    { is: 'self', words: 'This task', ids: [id] },
    { is: 'part', words: 'Its parts', ids: parts },
  ]);
  const before = stacked(left(0), [{ is: 'dependency', words: 'Waits for', ids: dependencies }]);
  const after = stacked(left(2), [{ is: 'dependant', words: 'Wait for it', ids: dependants }]);
  const all = [before, middle, after];
  const boxes = all.flatMap((stack) => stack.boxes);
  const self = boxes.find(({ is }) => is === 'self');
  return {
    width: columns.filter(Boolean).length * (BOX.width + GAP.x) - GAP.x + 2,
    height: Math.max(...all.map(({ height }) => height)),
    boxes,
    lines: self === undefined ? [] : boxes.flatMap((box) => lineBetween(self, box)),
    words: all.flatMap(({ words }) => words),
  };
}

interface Group {
  readonly is: Box['is'];
  readonly words: string;
  readonly ids: readonly string[];
}

function stacked(x: number, groups: readonly Group[]) {
  const boxes: Box[] = [];
  const words: Picture['words'][number][] = [];
  let y = 0;
  for (const { is, words: text, ids } of groups) {
    if (ids.length === 0) continue;
    words.push({ text, x, y: y + HEAD - 8 });
    y += HEAD;
    for (const id of ids.slice(0, BOXES_MAX)) {
      boxes.push({ id, is, x, y });
      y += BOX.height + GAP.y;
    }
    if (ids.length > BOXES_MAX) {
      words.push({ text: `and ${ids.length - BOXES_MAX} more`, x, y: y + HEAD - 8 });
      y += HEAD;
    }
  }
  return { boxes, words, height: y };
}

function lineBetween(self: Box, { is, x, y }: Box): Picture['lines'] {
  const [middle, own] = [y + BOX.height / 2, self.y + BOX.height / 2];
  switch (is) {
    case 'self':
    case 'parent':
    case 'part':
      // They stand one below the other: their place says it.
      return [];
    case 'dependency':
      return [{ x1: x + BOX.width, y1: middle, x2: self.x, y2: own }];
    case 'dependant':
      return [{ x1: self.x + BOX.width, y1: own, x2: x, y2: middle }];
  }
}
