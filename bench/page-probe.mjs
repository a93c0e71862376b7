/** Runs in the live page before anything of it: what only the page can tell of itself. Each answer is a promise that ends. */
const MS_MAX = 60_000;

/** @param watch hears how to answer, and returns how to stop */
const answered = (what, watch) =>
  new Promise((resolve, reject) => {
    let stop = () => undefined;
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`expected ${what} within ${MS_MAX} ms, got none`));
    }, MS_MAX);
    stop = watch((answer) => {
      clearTimeout(timer);
      stop();
      resolve(answer);
    });
  });

/** Calls `act` once the frame is drawn that shows what has changed by now. */
function afterFrame(act) {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = act;
    port2.postMessage(undefined);
  });
}

const whenChanged = (element, act) => {
  const observer = new MutationObserver(act);
  observer.observe(element, { childList: true, characterData: true, subtree: true });
  return () => observer.disconnect();
};

let keyAnswer;
const keyMs = () =>
  answered('another number of tasks after a key', (answer) => {
    let typedAt;
    const hear = ({ timeStamp }) => {
      typedAt ??= timeStamp;
    };
    addEventListener('keydown', hear, { capture: true });
    const shown = [...document.querySelectorAll('[role=status]')].find(({ textContent }) =>
      /^[\d,.]+ shown$/.test(textContent),
    );
    const stop = whenChanged(shown, () => afterFrame(() => answer(performance.now() - typedAt)));
    return () => {
      removeEventListener('keydown', hear, { capture: true });
      stop();
    };
  });

globalThis.probe = {
  /** From the navigation. */
  firstPaintMs: () =>
    answered('a first paint', (answer) => {
      const observer = new PerformanceObserver((list) => {
        const [entry] = list.getEntriesByName('first-contentful-paint');
        if (entry !== undefined) answer(entry.startTime);
      });
      observer.observe({ type: 'paint', buffered: true });
      return () => observer.disconnect();
    }),

  /** Of the next `count` lines of the log that say when they were printed: how long until each was drawn. */
  lineMs: (count) =>
    answered(`${count} new lines`, (answer) => {
      const box = document.querySelector('.log-box');
      const timesIn = () =>
        [...box.querySelectorAll('.log-text')].flatMap(
          ({ textContent }) => /^at (\d+)$/.exec(textContent)?.[1] ?? [],
        );
      const seen = new Set(timesIn());
      const found = [];
      return whenChanged(box, () => {
        for (const time of timesIn()) {
          if (seen.has(time)) continue;
          seen.add(time);
          afterFrame(() => {
            found.push(Date.now() - Number(time));
            if (found.length === count) answer(found);
          });
        }
      });
    }),

  /** Has the next key looked for. Whoever types it asks `keyMs` afterwards. */
  awaitKey() {
    keyAnswer = keyMs();
  },
  /** From that key to the frame in which the board says another number of tasks. */
  keyMs: () => keyAnswer,
};
