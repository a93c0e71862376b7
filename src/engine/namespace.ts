/**
 * What a namespace needs before Pawl's workflows run in it, made through the API at every start because the server's
 * own flags act on a new database only: search attributes, and on the embedded server a retention of one year.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionLike, isGrpcServiceError } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { GRPC_STATUS } from '../client/grpc-status.ts';
import { PawlError } from '../domain/failures.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';

const RETENTION_MS = 365 * 24 * 3600 * 1000;
/** The dev server makes its namespace a moment after it says that it serves. */
const NAMESPACE_MS = 10_000;
const CALL_MS = 10_000;

/** temporal.api.enums.v1.IndexedValueType, by the SDK's word for it; the operator CLI's word beside it. */
const ATTRIBUTE_TYPES = {
  TEXT: { number: 1, name: 'Text' },
  KEYWORD: { number: 2, name: 'Keyword' },
  INT: { number: 3, name: 'Int' },
  DOUBLE: { number: 4, name: 'Double' },
  BOOL: { number: 5, name: 'Bool' },
  DATETIME: { number: 6, name: 'Datetime' },
  KEYWORD_LIST: { number: 7, name: 'KeywordList' },
} as const;

export interface NamespaceOptions {
  readonly connection: ConnectionLike;
  readonly namespace: string;
  /** The embedded server is Pawl's own; on another only what is missing is added. */
  readonly embedded: boolean;
}

/**
 * Idempotent.
 * @throws PawlError `precondition`: no such namespace, an attribute of another type, or not allowed: with the commands
 * that somebody who may can run
 */
export async function prepareNamespace(options: NamespaceOptions): Promise<void> {
  await untilThere(options);
  await registerAttributes(options);
  if (options.embedded) await keepForAYear(options);
}

async function untilThere({ connection, namespace, embedded }: NamespaceOptions): Promise<void> {
  for (const giveUpAt = Date.now() + NAMESPACE_MS; ; await sleep(50)) {
    try {
      await withinDeadline(connection, () => connection.workflowService.describeNamespace({ namespace }));
      return;
    } catch (error) {
      if (!hasCode(error, GRPC_STATUS.NOT_FOUND)) throw refused(namespace, error);
      if (embedded && Date.now() < giveUpAt) continue;
      const words = `Temporal has no namespace ${namespace}: create it, or name another with TEMPORAL_NAMESPACE`;
      throw new PawlError('precondition', words, { cause: error });
    }
  }
}

async function registerAttributes({ connection, namespace }: NamespaceOptions): Promise<void> {
  const missing = await missingAttributes(connection, namespace);
  if (missing.length === 0) return;
  try {
    await withinDeadline(connection, () =>
      connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(
          missing.map(({ name, type }) => [name, ATTRIBUTE_TYPES[type].number]),
        ),
      }),
    );
  } catch (error) {
    // Another engine on the same server has registered it first.
    if (hasCode(error, GRPC_STATUS.ALREADY_EXISTS)) return;
    throw notAllowed(namespace, missing, error);
  }
}

async function missingAttributes(connection: ConnectionLike, namespace: string) {
  let there: Record<string, unknown>;
  try {
    const answer = await withinDeadline(connection, () =>
      connection.operatorService.listSearchAttributes({ namespace }),
    );
    there = answer.customAttributes ?? {};
  } catch (error) {
    throw notAllowed(namespace, searchAttributes, error);
  }
  const wrong = searchAttributes.filter(
    ({ name, type }) => name in there && there[name] !== ATTRIBUTE_TYPES[type].number,
  );
  if (wrong.length > 0) {
    const words = wrong.map(({ name, type }) => `${name} as ${ATTRIBUTE_TYPES[type].name}`).join(', ');
    throw new PawlError(
      'precondition',
      `namespace ${namespace} has search attributes of another type: expected ${words}; use another namespace (TEMPORAL_NAMESPACE)`,
    );
  }
  return searchAttributes.filter(({ name }) => !(name in there));
}

const keepForAYear = ({ connection, namespace }: NamespaceOptions): Promise<unknown> =>
  withinDeadline(connection, () =>
    connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: msToTs(RETENTION_MS) },
    }),
  );

function notAllowed(namespace: string, missing: typeof searchAttributes, error: unknown): PawlError {
  const commands = missing.map(
    ({ name, type }) =>
      `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type ${ATTRIBUTE_TYPES[type].name}`,
  );
  return new PawlError(
    'precondition',
    `Temporal does not let Pawl register its search attributes in namespace ${namespace} (${wordsOf(error)}): have somebody who may run \`${commands.join(' && ')}\``,
    { cause: error },
  );
}

const refused = (namespace: string, error: unknown): PawlError =>
  new PawlError(
    'unavailable',
    `Temporal refuses to describe namespace ${namespace} (${wordsOf(error)}): check address and credentials`,
    { cause: error },
  );

const withinDeadline = <T>(connection: ConnectionLike, call: () => Promise<T>): Promise<T> =>
  connection.withDeadline(Date.now() + CALL_MS, call);

const hasCode = (error: unknown, code: number): boolean => isGrpcServiceError(error) && error.code === code;

const wordsOf = (error: unknown): string =>
  isGrpcServiceError(error)
    ? error.details || error.message
    : error instanceof Error
      ? error.message
      : String(error);
