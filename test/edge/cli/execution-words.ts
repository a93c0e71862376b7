/** The commands below `pawl execution`. */
export const EXECUTION_WORDS: readonly string[] = [
  ...[
    'start',
    'list',
    'show',
    'follow',
    'done',
    'fail',
    'complete-phase',
    'note',
    'approve',
    'reject',
    'gates',
  ],
  ...['advance', 'pause', 'resume', 'abort', 'retry', 'reset', 'skip', 'pick', 'look', 'resolve'],
];
