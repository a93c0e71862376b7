/** A keyed mutex: acts with the same key run one after the other, in the order in which they came. */
export function createKeyedMutex(): <T>(key: string, act: () => Promise<T>) => Promise<T> {
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
