/**
 * Decodes what it can and turns the rest into a marker. Without it one signal in an unknown encoding fails the
 * workflow task for ever, and queries with it; one that is nested too deeply even hangs the thread that all workflows share.
 * Used by clients, workers, replays and the bundle alike.
 */
import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';

/** Stands for a payload that could not be decoded; no message's schema accepts it. */
export interface Undecodable {
  readonly undecodable: string;
}

/** Far deeper than the edges let anything in (64), and far less than what fills a stack (2,000 does not, 3,000 does). */
const DEPTH_MAX = 1_000;

class TolerantPayloadConverter implements PayloadConverter {
  toPayload<T>(value: T): Payload {
    return defaultPayloadConverter.toPayload(value);
  }

  fromPayload<T>(payload: Payload): T {
    try {
      if (isDeeper(payload.data ?? new Uint8Array(), DEPTH_MAX)) {
        throw new RangeError(`expected at most ${DEPTH_MAX} values inside each other, got more`);
      }
      return defaultPayloadConverter.fromPayload<T>(payload);
    } catch (error) {
      const marker: Undecodable = { undecodable: error instanceof Error ? error.message : String(error) };
      // The caller's type is a promise about well-formed payloads; the schemas refuse this one.
      return marker as T;
    }
  }
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Of a text of JSON, by its brackets: whoever walks through the value is too late. */
function isDeeper(json: Uint8Array, depthMax: number): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (isInText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isInText = false;
    } else if (byte === QUOTE) isInText = true;
    else if (OPENING.has(byte)) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (CLOSING.has(byte)) depth -= 1;
  }
  return false;
}

export const payloadConverter = new TolerantPayloadConverter();
