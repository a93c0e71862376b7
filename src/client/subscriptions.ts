/** Who follows which task: each has a mailbox that holds no more than that something has happened, however slowly it is read. */
import type { Printed } from '../domain/events.ts';
import { untilWoken } from './until-woken.ts';

/** An agent may print a thousand lines a second; who reads along is told so often. */
export const OUTPUT_MS = 50;

/** What has happened to a task since the mailbox was last emptied. */
export interface Happened {
  readonly isChanged: boolean;
  readonly output: Printed | undefined;
}

export interface Subscription {
  /** Empties the mailbox. */
  take(): Happened;
  /** Settles when there is something in it, or when `signal` aborts. */
  filled(signal: AbortSignal): Promise<void>;
  end(): void;
}

export interface Subscriptions {
  subscribe(id: string): Subscription;
  changed(id: string): void;
  printed(output: Printed): void;
}

const asleep = () => undefined;

interface Mailbox {
  isChanged: boolean;
  output: Printed | undefined;
  wake: () => void;
}

export function createSubscriptions(outputMs = OUTPUT_MS): Subscriptions {
  const mailboxes = new Map<string, Set<Mailbox>>();
  const due = new Map<string, Printed>();
  const put = (id: string, fill: (mailbox: Mailbox) => void) => {
    for (const mailbox of mailboxes.get(id) ?? []) {
      fill(mailbox);
      mailbox.wake();
    }
  };
  const deliver = (id: string) => {
    const output = due.get(id);
    due.delete(id);
    put(id, (mailbox) => {
      mailbox.output = output;
    });
  };
  return {
    subscribe(id) {
      const mailbox: Mailbox = { isChanged: false, output: undefined, wake: asleep };
      const all = mailboxes.get(id) ?? new Set();
      mailboxes.set(id, all.add(mailbox));
      const isFilled = () => mailbox.isChanged || mailbox.output !== undefined;
      return {
        take() {
          const { isChanged, output } = mailbox;
          Object.assign(mailbox, { isChanged: false, output: undefined });
          return { isChanged, output };
        },
        filled(signal) {
          if (isFilled()) return Promise.resolve();
          return untilWoken(signal, (wake) => {
            mailbox.wake = wake;
            return () => {
              mailbox.wake = asleep;
            };
          });
        },
        end() {
          all.delete(mailbox);
          if (all.size === 0 && mailboxes.get(id) === all) mailboxes.delete(id);
        },
      };
    },
    changed: (id) =>
      put(id, (mailbox) => {
        mailbox.isChanged = true;
      }),
    printed(output) {
      const { id } = output;
      if (!mailboxes.has(id)) return;
      const isDue = due.has(id);
      due.set(id, output);
      if (!isDue) setTimeout(() => deliver(id), outputMs).unref();
    },
  };
}
