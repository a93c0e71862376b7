/** What the activities keep outside of history because it is big: artifacts and logs of attempts. */
import type { TaskRun } from '../../domain/ids.ts';

/** Content-addressed store of what is too big for history. Digests read `sha256:<hex>`. */
export interface ArtifactStore {
  put(content: string | Uint8Array): Promise<string>;
  read(digest: string): Promise<Buffer | undefined>;
}

/** One attempt's log as JSON lines (`{"t":iso,"type":"log"|"progress"|…,"text":…}`), readable while it is written. */
export interface AttemptLogs {
  open(task: TaskRun, attempt: number): AttemptLog;
  pathOf(task: TaskRun, attempt: number): string;
}

export interface AttemptLog {
  readonly path: string;
  write(line: { readonly type: string; readonly text: string }): void;
  close(): Promise<void>;
}
