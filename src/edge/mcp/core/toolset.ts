/** Toolset `core`: the daily work in few tools with small schemas, because a client's model reads them all at each start. */

import type { Tool } from '../tool.ts';
import { controlTool } from './control.ts';
import { createTool } from './create.ts';
import { decideTool } from './decide.ts';
import { listTool } from './list.ts';
import { completeTool, updateTool } from './report.ts';
import { runTool } from './run.ts';
import { showTool } from './show.ts';

export const coreTools: readonly Tool[] = [
  runTool,
  createTool,
  listTool,
  showTool,
  updateTool,
  completeTool,
  decideTool,
  controlTool,
];
