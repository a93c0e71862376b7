import { describe, expect, it } from 'vitest';
import { type Around, BOX, pictureOf } from '../../src/dashboard/task/task-picture.ts';

const around = (more: Partial<Around> = {}): Around => ({
  ...{ id: 'self', parent: undefined, dependencies: [], dependants: [], parts: [] },
  ...more,
});
const many = Array.from({ length: 30 }, (_, at) => `t${at}`);

describe('the picture of a task', () => {
  it('that stands alone is none', () => {
    expect(pictureOf(around())).toBeUndefined();
  });

  it.each<[string, Partial<Around>, boxes: number, lines: number]>([
    ['with a parent', { parent: 'p' }, 2, 0],
    ['with parts', { parts: ['a', 'b'] }, 3, 0],
    ['that waits for others', { dependencies: ['a', 'b'] }, 3, 2],
    ['with all', { parent: 'p', parts: ['a'], dependencies: ['b'], dependants: ['c'] }, 5, 2],
    ['with very many', { dependencies: many, dependants: many }, 17, 16],
  ])('%s', (_, more, boxes, lines) => {
    const picture = pictureOf(around(more));
    expect(picture?.boxes).toHaveLength(boxes);
    expect(picture?.lines).toHaveLength(lines);
  });

  it('has no box over another, and all within it', () => {
    const picture = pictureOf(
      around({ parent: 'p', parts: many, dependencies: many, dependants: ['x', 'y'] }),
    );
    if (picture === undefined) throw new Error('expected a picture');
    const { boxes, width, height, lines } = picture;
    for (const { x, y } of boxes) {
      expect(x >= 0 && x + BOX.width <= width && y >= 0 && y + BOX.height <= height).toBe(true);
    }
    const overlaps = boxes.filter((one, at) =>
      boxes.slice(at + 1).some((two) => one.x === two.x && Math.abs(one.y - two.y) < BOX.height),
    );
    expect(overlaps).toEqual([]);
    expect(lines.every(({ x1, x2 }) => x1 < x2)).toBe(true);
  });

  it('says how many it leaves out', () => {
    expect(pictureOf(around({ parts: many }))?.words.map(({ text }) => text)).toEqual([
      'This task',
      'Its parts',
      'and 22 more',
    ]);
  });
});
