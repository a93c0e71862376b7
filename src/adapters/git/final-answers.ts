/** What git says of faults that no retry mends, in words for the person who can. */
import { type ErrorCode, PawlError } from '../../domain/failures.ts';

interface Row {
  readonly said: RegExp;
  readonly code: ErrorCode;
  readonly words: (found: readonly string[], where: string) => string;
}

const ROWS: readonly Row[] = [
  {
    said: /^error: (.*): can only add regular files, symbolic links or git-directories$/m,
    code: 'precondition',
    words: ([, path]) =>
      `${path} is neither a file nor a link nor a folder (but a FIFO, a socket or a device), which git cannot keep: put a file in its place, or remove it`,
  },
  {
    said: /^(?:fatal|error): failed to encode '(.*)' from (.*) to (.*)$/m,
    code: 'precondition',
    words: ([, path, from, to]) =>
      `${path} cannot be turned from ${from} into ${to}: correct its working-tree-encoding in .gitattributes, or the file`,
  },
  {
    said: /^(?:fatal|error): BOM is (?:prohibited|required) in '(.*)' if encoded as (.*)$/m,
    code: 'precondition',
    words: ([, path, encoding]) =>
      `${path} is not in ${encoding}, as its working-tree-encoding in .gitattributes says: correct one of both`,
  },
  {
    // The engine brings nothing from afar with a user's credentials.
    said: /^fatal: could not fetch [0-9a-f]+ from promisor remote$/m,
    code: 'precondition',
    words: (_, where) =>
      `${where} is a partial clone and lacks a part of the branch's history: run \`git fetch --refetch --no-filter\` there, which brings all of it`,
  },
  {
    // Unlike the others it may hold what nobody has elsewhere.
    said: /^error: open\("(.*)"\): Permission denied$/m,
    code: 'forbidden',
    words: ([, path]) => `${path} cannot be read: give its owner the right to, or remove it`,
  },
  {
    said: /^(?:fatal|error): (.*(?:\bis corrupt\b|object file .* is empty|inflate: data stream error|unable to unpack .* header|garbage at end of loose object|(?:hash|sha1|CRC|checksum) mismatch).*)$/im,
    code: 'precondition',
    words: ([, said], where) =>
      `the git repository in ${where} is damaged (${said}): run \`git fsck\` there, and bring what it names from another clone`,
  },
];

/** Pure. @param where the command ran */
export function finalAnswer(stderr: string, where: string): PawlError | undefined {
  for (const { said, code, words } of ROWS) {
    const found = said.exec(stderr);
    if (found !== null) return new PawlError(code, words(found, where));
  }
  return undefined;
}
