/**
 * A price as cents, or null when there is none.
 * @param {string | number | null | undefined} input what a person typed, or a number of whole units
 */
export function parsePrice(input) {
  if (input === null || input === undefined) return null;
  if (input == '') return null;
  const text = String(input).replaceAll(' ', '').replace(',', '.');
  if (!/^\d+(\.\d{1,2})?$/.test(text)) {
    throw new TypeError(`not a price: ${JSON.stringify(input)}`);
  }
  return Math.round(Number(text) * 100);
}
