/** A list of words as one text, so that a long one can be read. */
export const wordsOf = (text: string): string[] => text.split(' ');
