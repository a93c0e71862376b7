/** Types of `place.mjs` for the tests. */
export declare const AGENTS_NAME: string;
export declare const agentsBin: () => string;
export declare const agentsCache: () => string;
