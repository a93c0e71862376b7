/** Traps for whoever runs a repository's programs: everything in git that can name one, set to leave a trace. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../scratch-repository.ts';

const HOOKS = [
  'applypatch-msg',
  'commit-msg',
  'fsmonitor-watchman',
  'post-applypatch',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-rewrite',
  'post-update',
  'pre-applypatch',
  'pre-auto-gc',
  'pre-commit',
  'pre-merge-commit',
  'pre-push',
  'pre-rebase',
  'pre-receive',
  'prepare-commit-msg',
  'proc-receive',
  'reference-transaction',
  'sendemail-validate',
  'update',
];

/** A program that leaves a trace where and as what it ran. */
export function canary() {
  const folder = scratchFolder('canary');
  const program = join(folder, 'program');
  const trace = join(folder, 'trace');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> "${trace}"\ncat\n`);
  chmodSync(program, 0o755);
  return { program, ran: () => (existsSync(trace) ? readFileSync(trace, 'utf8') : '') };
}

export function plantHooks(gitDir: string, program: string): void {
  mkdirSync(join(gitDir, 'hooks'), { recursive: true });
  for (const name of HOOKS) {
    rmSync(join(gitDir, 'hooks', name), { force: true });
    symlinkSync(program, join(gitDir, 'hooks', name));
  }
}

/** Everything in a configuration that names a program, and what makes git look at it. */
export const settings = (program: string): readonly (readonly [string, string])[] => [
  ['core.fsmonitor', program],
  ['core.sshCommand', program],
  ['core.gitProxy', program],
  ['core.pager', program],
  ['core.editor', program],
  ['core.askPass', program],
  ['core.alternateRefsCommand', program],
  ['sequence.editor', program],
  ['diff.external', program],
  ['diff.evil.command', program],
  ['diff.evil.textconv', program],
  ['diff.evil.cachetextconv', 'true'],
  ['merge.evil.driver', `${program} %A`],
  ['merge.default', 'evil'],
  ['filter.evil.clean', program],
  ['filter.evil.smudge', program],
  ['filter.evil.required', 'true'],
  ['filter.long.process', program],
  ['filter.long.required', 'true'],
  ['filter.a=b.clean', program],
  ['filter.a=b.smudge', program],
  ['gpg.program', program],
  ['gpg.ssh.program', program],
  ['gpg.x509.program', program],
  ['commit.gpgSign', 'true'],
  ['tag.gpgSign', 'true'],
  ['merge.verifySignatures', 'true'],
  ['credential.helper', `!${program}`],
  ['uploadpack.packObjectsHook', program],
  ['remote.origin.uploadpack', program],
  ['remote.origin.receivepack', program],
  ['remote.origin.vcs', 'evil'],
  ['remote.origin.promisor', 'true'],
  ['remote.origin.url', `ext::${program}`],
  [`url.ext::${program} .insteadOf`, '/'],
  ['protocol.ext.allow', 'always'],
  ['protocol.allow', 'always'],
  ['alias.status', `!${program}`],
  ['alias.cat-file', `!${program}`],
  ['alias.update-ref', `!${program}`],
  ['branch.main.mergeOptions', '--strategy=evil'],
  ['branch.main.remote', 'origin'],
  ['branch.main.merge', 'refs/heads/main'],
  ['submodule.sub.update', `!${program}`],
  ['submodule.recurse', 'true'],
  ['status.submoduleSummary', 'true'],
  ['trailer.sign.command', program],
  ['interactive.diffFilter', program],
  ['gc.auto', '1'],
  ['maintenance.auto', 'true'],
];

export const ATTRIBUTES = [
  '*.evil filter=evil diff=evil merge=evil',
  '*.long filter=long diff=evil merge=evil',
  '*.eq filter=a=b',
  '*.txt diff=evil merge=evil',
  '',
].join('\n');

export const WORK = {
  'new.evil': 'e',
  'new.long': 'l',
  'new.eq': 'q',
  'a.txt': 'changed\n',
  'plain.js': 'p',
};
