/** Types of `place.mjs` for the tests. */
export declare const SUITES_NAME: string;
export declare const suiteProgram: (name: 'conformance' | 'mcp-inspector') => string;
