/** The routes of the pipeline's interface that are no operations, all of them. */
import { agents } from './agents.ts';
import { archive } from './archive.ts';
import { decisions } from './decisions.ts';
import { changeSettings, settings } from './engine-settings.ts';
import { metrics } from './metrics.ts';
import { resetProject, runWorkspaceFile } from './refused.ts';
import { submitRequirement } from './requirements.ts';
import type { CompatRoute } from './route.ts';
import { decide, signals } from './signals.ts';
import { status } from './status.ts';
import { workspaceFile, workspaceFiles } from './task-files.ts';

export const dashboardRoutes: readonly CompatRoute[] = [
  ...[status, agents, decisions, decide, signals, metrics, archive],
  ...[workspaceFiles, workspaceFile, settings, changeSettings, submitRequirement],
  ...[resetProject, runWorkspaceFile],
];
