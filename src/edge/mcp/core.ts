/** Toolset `core`: the daily work in few tools with small schemas, because a client's model reads them all at each start. */

import { controlTool } from './core/control.ts';
import { createTool } from './core/create.ts';
import { decideTool } from './core/decide.ts';
import { listTool } from './core/list.ts';
import { completeTool, updateTool } from './core/report.ts';
import { runTool } from './core/run.ts';
import { showTool } from './core/show.ts';
import type { Tool } from './tool.ts';

export interface CoreOptions {
  /** Who is at this machine: decisions and instructions are recorded as theirs. */
  readonly person: string;
}

export const coreTools = ({ person }: CoreOptions): readonly Tool[] => [
  runTool,
  createTool,
  listTool,
  showTool,
  updateTool(person),
  completeTool,
  decideTool(person),
  controlTool,
];
