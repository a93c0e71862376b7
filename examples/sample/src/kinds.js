/** Whether a price was given and is nothing. */
export function isFree(price) {
  return price == 0;
}

/** Whether no price was given. */
export function isMissing(price) {
  return price === null || price == '';
}
