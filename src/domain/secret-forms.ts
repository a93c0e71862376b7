/**
 * The ways in which one secret value may stand in a text: as it is, escaped in JSON (also JSON within JSON), encoded in
 * a URL, or in base64 among other bytes. Pure.
 */

/** The texts that may stand for one character or one base64 digit; none begins with another one. */
export type Spellings = readonly string[];

/** One way of writing a value. */
export interface Form {
  readonly cells: readonly Spellings[];
  /** What goes on with it where it is there: the last bits and the padding of base64. */
  readonly ending: readonly Spellings[];
  /** Tools break the lines of base64. */
  readonly isWrapped: boolean;
}

/** Of a line that begins with so few digits, the rest is a form of its own: see `wrappedForms`. */
export const DIGITS_BEFORE_BREAK_MIN = 4;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING: Spellings = ['=', '%3D', '%3d'];
/** The digits of the URL-safe alphabet, and those that are escaped in JSON or a URL. */
const DIGIT_SPELLINGS: Readonly<Record<string, Spellings>> = {
  '+': ['+', '-', '%2B', '%2b'],
  '/': ['/', '_', '\\/', '%2F', '%2f'],
};

/** Every form of a value that is not empty, each once. */
export function formsOf(value: string): readonly Form[] {
  const characters = [...value];
  const written = [(one: string) => [one], jsonSpellings, jsonInJsonSpellings, urlSpellings].map((spell) => ({
    cells: characters.map(spell),
    ending: [],
    isWrapped: false,
  }));
  const bytes = new TextEncoder().encode(value);
  return unique([...written, ...[0, 1, 2].flatMap((before) => wrappedForms(base64Form(bytes, before)))]);
}

const unique = (forms: readonly Form[]): readonly Form[] => [
  ...new Map(forms.map((form) => [JSON.stringify(form), form])).values(),
];

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

function jsonSpellings(character: string): Spellings {
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
  const slash = character === '/' ? ['\\/'] : [];
  const lower = units.map((hex) => `\\u${hex}`).join('');
  const upper = units.map((hex) => `\\u${hex.toUpperCase()}`).join('');
  return [...new Set([inJson(character), ...slash, lower, upper])];
}

const jsonInJsonSpellings = (character: string): Spellings => jsonSpellings(character).map(inJson);

function urlSpellings(character: string): Spellings {
  const hex = [...new TextEncoder().encode(character)].map((byte) => byte.toString(16).padStart(2, '0'));
  const lower = hex.map((two) => `%${two}`).join('');
  const plain = character === '%' ? [] : [character];
  return [...new Set([...plain, ...(character === ' ' ? ['+'] : []), lower, lower.toUpperCase()])];
}

/**
 * The base64 digits that a value alone decides, whatever stands around it, when so many bytes more than a multiple of three
 * come before. Up to four bits of its first and last byte are in digits that it shares with its neighbours: those stay.
 */
function base64Form(value: Uint8Array, before: number): Form {
  const bits = [...new Uint8Array(before), ...value]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const digits = (bits.match(/.{1,6}/g) ?? []).map((six) => DIGITS[Number.parseInt(six.padEnd(6, '0'), 2)]);
  const cells = digits.map((digit = ''): Spellings => DIGIT_SPELLINGS[digit] ?? [digit]);
  const decided = Math.floor(bits.length / 6);
  const padding = Array.from({ length: (3 - ((before + value.length) % 3)) % 3 }, () => PADDING);
  return {
    cells: cells.slice(Math.ceil((before * 8) / 6), decided),
    ending: [...cells.slice(decided), ...padding],
    isWrapped: true,
  };
}

/** A line may also end within the first digits. To wait there for the next line would hold back many a line without a secret. */
const wrappedForms = (form: Form): readonly Form[] =>
  Array.from({ length: DIGITS_BEFORE_BREAK_MIN }, (_, first) => ({
    ...form,
    cells: form.cells.slice(first),
  }));
