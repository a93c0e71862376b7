/** What stands in a text in place of bytes that are no UTF-8. Pure. */
export const NO_TEXT = '\uFFFD';
