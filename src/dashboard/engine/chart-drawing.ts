/** Draws a chart on a canvas. In a file of its own, loaded when the first chart is seen: nothing else of the page needs it. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Chart } from './chart-series.ts';

const HEIGHT_PX = 200;
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
/** Variables of the page, and a dash for each: a line is told from another one without its colour, too. */
const LOOKS = [
  ['--accent', []],
  ['--good', [8, 4]],
  ['--bad', [2, 3]],
  ['--ask', [10, 3, 2, 3]],
  ['--magenta', [5, 5]],
  ['--cyan', [12, 5]],
] as const;

/** @returns ends it */
export function drawChart(place: HTMLElement, { times, lines, unit }: Chart): () => void {
  const colour = (name: string) => resolved(place, name);
  const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line') }, ticks: { show: false } };
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT_PX,
      series: [
        {},
        ...lines.map(({ name }, index) => {
          const [variable, dash] = LOOKS[index % LOOKS.length] ?? ['--text', []];
          return {
            ...{ label: name, stroke: colour(variable), width: 2, dash: [...dash] },
            points: { show: true, size: 5 },
            value: (_: uPlot, value: number | null) => value?.toLocaleString() ?? '–',
          };
        }),
      ],
      scales: { y: { range: (_: uPlot, __: number, most: number) => [0, Math.max(1, most * 1.1)] } },
      // Of tasks there is no half.
      axes: [axis, { ...axis, size: 60, ...(unit === 'tasks' && { incrs: WHOLE }) }],
      cursor: { drag: { x: false, y: false } },
      // Where nobody points at a step, the legend has the numbers of the last one.
      hooks: { ready: [showLast], setCursor: [showLast] },
    },
    [[...times], ...lines.map(({ values }) => [...values])],
    place,
  );
  const resized = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT_PX }));
  resized.observe(place);
  return () => {
    resized.disconnect();
    plot.destroy();
  };
}

function showLast(plot: uPlot): void {
  if (plot.cursor.idx === null || plot.cursor.idx === undefined)
    plot.setLegend({ idx: plot.data[0].length - 1 }, false);
}

/** A canvas takes no `light-dark()`: what it comes to is what an element with that colour has. */
function resolved(place: HTMLElement, variable: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${variable})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
