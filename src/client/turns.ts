/** Acts with the same key one after the other, in the order they came. */
export function createTurns(): <T>(key: string, act: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, act) => {
    const before = last.get(key) ?? Promise.resolve();
    const own = before.catch(() => undefined).then(act);
    last.set(key, own);
    const over = () => {
      if (last.get(key) === own) last.delete(key);
    };
    own.then(over, over);
    return own;
  };
}
