/** The Temporal client as Pawl uses it, apart from the operations, so that the engine's own parts need not load those. */
import { Client, type ConnectionLike } from '@temporalio/client';
import { modulePath } from '../module-path.ts';

/** The payload converter is the one everywhere: a client without it could not read what another wrote. */
export const createClient = (connection: ConnectionLike, namespace: string): Client =>
  new Client({
    connection,
    namespace,
    dataConverter: { payloadConverterPath: modulePath('workflows/payload-converter') },
  });
