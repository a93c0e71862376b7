/**
 * Decodes what it can and turns the rest into a marker. Without it one signal in an unknown encoding fails the
 * workflow task for ever, and queries with it. Used by clients, workers, replays and the bundle alike.
 */
import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';

/** Stands for a payload that could not be decoded; no message's schema accepts it. */
export interface Undecodable {
  readonly undecodable: string;
}

class TolerantPayloadConverter implements PayloadConverter {
  toPayload<T>(value: T): Payload {
    return defaultPayloadConverter.toPayload(value);
  }

  fromPayload<T>(payload: Payload): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload);
    } catch (error) {
      const marker: Undecodable = { undecodable: error instanceof Error ? error.message : String(error) };
      // The caller's type is a promise about well-formed payloads; the schemas refuse this one.
      return marker as T;
    }
  }
}

export const payloadConverter = new TolerantPayloadConverter();
