/** Types of `place.mjs` for the tests and the bench. */
export declare const AGENTS_NAME: string;
export declare const agentsBin: () => string;
export declare const findAgent: (name: string) => string | undefined;
export declare const agentsCache: () => string;
