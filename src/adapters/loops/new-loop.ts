/** The files of a loop that somebody begins: the loop itself, and beside it the schema with which editors check it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { LOOP_SCHEMA_FILE, LOOP_SCHEMA_LINE, loopSchemaText } from '../../domain/loops/loop-schema.ts';
import { LoopId } from '../../domain/loops/loop-words.ts';
import { parseInput } from '../../domain/parse-input.ts';
import { writeInside } from '../files/without-links.ts';
import { openRepository } from '../repository/find-repository.ts';
import { BUILT_IN } from './find-loops.ts';

export interface NewLoop {
  readonly loop: string;
  /** A loop that Pawl brings, to begin with. */
  readonly from?: string | undefined;
}

export interface ProposedLoop {
  /** Real path of the repository's top folder. */
  readonly repository: string;
  readonly path: string;
  readonly text: string;
}

/** Only looks. @throws PawlError `invalid_input` for an id that is none, `not_found` for a loop to begin with that Pawl does not bring */
export async function proposeLoop(folder: string, { loop, from }: NewLoop): Promise<ProposedLoop> {
  parseInput('loop', LoopId, loop);
  const { top } = await openRepository(folder);
  const text = from === undefined ? TEMPLATE : await builtInText(from);
  const named = text.replace(/^loop: .*$/m, `loop: ${loop}`);
  return {
    repository: top,
    path: join(top, FOLDER, 'loops', `${loop}.yaml`),
    text: `${LOOP_SCHEMA_LINE}\n${named}`,
  };
}

const FOLDER = '.pawl';

/** The schema is written anew, so that it is of this Pawl. @throws PawlError `conflict` where the loop is there already */
export async function writeLoop({ repository, path, text }: ProposedLoop, overwrite: boolean): Promise<void> {
  if (!overwrite && existsSync(path))
    throw new PawlError('conflict', `${path} is there already: name another, or overwrite it with --force`);
  await writeInside(repository, `${FOLDER}/${LOOP_SCHEMA_FILE}`, loopSchemaText());
  await writeInside(repository, path.slice(repository.length + 1), text);
}

async function builtInText(name: string): Promise<string> {
  const path = join(BUILT_IN.loops, `${name}.yaml`);
  if (/^[a-z-]+$/.test(name) && existsSync(path)) return readFile(path, 'utf8');
  throw new PawlError(
    'not_found',
    `Pawl brings no loop ${name} to begin with: expected one of engineering, bugfix, feature, review`,
  );
}

const TEMPLATE = `# What it is for: \`pawl loops check\` tells every fault of this file, \`pawl loops show\` what it would do.
loop: name
title: Plan, build, look, deliver

inputs:
  goal: { type: string, required: true, description: What should be true afterwards }

budget: { usd: 10, wall: 6h }

phases:
  - id: plan
    skills:
      - id: plan
        agent: auto
        writes: none # it works in a repository of its own, whose changes are discarded
        brief: |
          Plan this change, and change nothing yet: {{ inputs.goal }}
          Return the files that would change, and whether it is risky.
        returns:
          files: string[]
          risk: enum(low, high)
    gates:
      - id: plan-is-right
        kind: approval
        when: plan.risk == 'high'
        on_reject: { go_to: plan, most: 3 }

  - id: build
    skills:
      - id: build
        agent: auto
        brief: |
          Make this change: {{ inputs.goal }}
          The plan names these files: {{ plan.files }}
        repeat: { most: 5, until: { checks: all } } # those of pawl.yaml, run by the engine
        guarantees:
          - { deliverable: "**", changed: true }

  - id: ship
    skills:
      - { id: ship, deliver: pull_request }
`;
