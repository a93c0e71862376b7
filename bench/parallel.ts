/** Calls `act` with 0 … count - 1, no more than `atOnce` of them under way. */
export async function inParallel(
  count: number,
  atOnce: number,
  act: (number: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const runner = async () => {
    for (let number = next++; number < count; number = next++) await act(number);
  };
  await Promise.all(Array.from({ length: atOnce }, runner));
}
