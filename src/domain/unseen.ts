/**
 * What a terminal does not show: control sequences, other control characters, marks of direction. Where a text is shown they are
 * taken out, which would join a secret that they stand within: a mask looks past them. Pure.
 */
const DIRECTION = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
const CONTROL = `[\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f${DIRECTION}]`;
const START = '[\\x1b\\x9b][[\\]()#;?]*';
/** Colours, moves of the cursor. */
const SHORT = `${START}(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TZcf-ntqry=><~]`;
/** Titles of windows, links: a text of their own, up to a mark of its end. */
const WORDS = '[^\\x07\\x1b\\x9c\\n]{0,1000}';
const LONG = `${START}${WORDS}(?:\\x07|\\x1b\\\\|\\x9c)`;
/** The same as terminals read them, where no other sequence has a text of its own. */
const TITLE = `\\x1b[\\]PX^_]${WORDS}(?:\\x07|\\x1b\\\\|\\x9c)`;
/** The ways to read what begins at a place: as terminals do, as it is taken out where it is shown, then with ever less. */
const READINGS = [
  `(?:${TITLE}|${SHORT}|${CONTROL})+`,
  `(?:${LONG}|${SHORT}|${CONTROL})+`,
  `(?:${SHORT}|${CONTROL})+`,
  `${CONTROL}+`,
].map((source) => new RegExp(source, 'y'));
const BEGUN = new RegExp(`${START}${WORDS}\\x1b?$`, 'y');
const UNSEEN = new RegExp(CONTROL);

export const isUnseen = (unit: number): boolean =>
  // Nearly every unit is none: looked at for each one of a text.
  (unit < 32 || unit > 126) && UNSEEN.test(String.fromCharCode(unit));

/** Where what is not shown may end that begins at a place. */
export function unseenEnds(text: string, at: number): readonly number[] {
  if (!isUnseen(text.charCodeAt(at))) return [];
  return READINGS.flatMap((reading) => {
    reading.lastIndex = at;
    return reading.test(text) ? [reading.lastIndex] : [];
  });
}

/** Whether a control sequence that begins at a place, maybe after others, may go on after the end of the text. */
export const isSequenceOpen = (text: string, at: number): boolean =>
  unseenEnds(text, at).some((end) => {
    const read = text.slice(at, end + 1);
    BEGUN.lastIndex = at + Math.max(0, read.lastIndexOf('\x1b'), read.lastIndexOf('\x9b'));
    return BEGUN.test(text);
  });
