/**
 * The key under which something that a person wants is sent. What is sent again because no answer came has the key of the first
 * time, so that it is done once; what is wanted anew after an answer has another. Pure but for the keys, and where it is kept.
 */
export interface OpenIntent {
  /** Everything that is sent. */
  readonly what: string;
  readonly key: string;
}

/** Where the intent is that nobody has answered; it may outlive the page. */
export interface IntentPlace {
  read(): OpenIntent | undefined;
  write(open: OpenIntent | undefined): void;
}

export class Intent {
  readonly #newKey: () => string;
  readonly #place: IntentPlace;

  constructor(newKey: () => string, place: IntentPlace = inMemory()) {
    this.#newKey = newKey;
    this.#place = place;
  }

  /** @param what everything that is sent: with other words it is another intent */
  keyFor(what: string): string {
    const open = this.#place.read();
    if (open?.what === what) return open.key;
    const key = this.#newKey();
    this.#place.write({ what, key });
    return key;
  }

  /** The engine has answered, with whatever. */
  answered(): void {
    this.#place.write(undefined);
  }
}

function inMemory(): IntentPlace {
  let open: OpenIntent | undefined;
  return {
    read: () => open,
    write(now) {
      open = now;
    },
  };
}
