/** How the engine is, asked again and again while somebody looks. */
import { useEffect, useState } from 'preact/hooks';
import type { Vitals } from '../../domain/engine-vitals.ts';
import { calls } from '../client/ask.ts';
import { type Asked, useAsked } from '../client/live.ts';

const EVERY_MS = 10_000;

export function useVitals(): Asked<Vitals> {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState === 'visible') setCount((before) => before + 1);
    };
    const timer = setInterval(ask, EVERY_MS);
    document.addEventListener('visibilitychange', ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, []);
  return useAsked(`vitals ${count}`, calls.vitals);
}
