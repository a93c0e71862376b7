/** All of an artifact as a file on the disk of whoever looks. */

import { useDeed } from '../client/deed.ts';
import { readBytes } from './artifact-bytes.ts';

interface DownloadProps {
  readonly digest: string;
  /** Its file's name, whoever gave it; of a path the last part. */
  readonly name: string;
}

/** The browser has begun to read an address once the click is over, and needs it no longer. */
const KEPT_MS = 60_000;

export function Download({ digest, name }: DownloadProps) {
  const deed = useDeed();
  const save = () =>
    void deed.do([digest], async () => {
      const address = URL.createObjectURL(new Blob([await readBytes(digest)]));
      const link = document.createElement('a');
      link.href = address;
      link.download = name.slice(name.lastIndexOf('/') + 1);
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
    });
  return (
    <>
      <button type="button" class="small" disabled={deed.isSending} onClick={save}>
        {deed.isSending ? 'Reading…' : 'Download'}
      </button>
      {deed.problem !== undefined && <span role="alert">{deed.problem}</span>}
    </>
  );
}
