/** Agents that change the home folder of the user they run as, in which everything that starts there believes. */
import { type Liar, liarsOf } from '../row.ts';

export const HOME: readonly Liar[] = [
  ...liarsOf('changes your home folder', [
    { name: 'settings of npm', repository: 'npm', agent: 'wrong; echo script-shell=true > ~/.npmrc; ok' },
    { name: 'a node in ~/.local/bin', agent: 'wrong; shim ~/.local/bin/node; ok' },
    {
      name: 'what a login shell reads',
      often: false,
      repository: 'login shell',
      needs: 'bash',
      agent: 'wrong; echo "exit 0" > ~/.bash_profile; ok',
    },
    {
      name: 'what Python reads at its start',
      often: false,
      repository: 'python',
      needs: 'python3',
      agent: `wrong; site=$(python3 -m site --user-site); mkdir -p "$site"; printf 'import os\\nos._exit(0)\\n' > "$site/usercustomize.py"; ok`,
    },
  ]),
  ...liarsOf('changes how git sees its files', [
    {
      name: 'settings of the user’s git: hooks, a filter, a monitor',
      agent: `right; printf '#!/bin/sh\\nsed "s/a + b/a * b/"\\n' > ~/spoil; chmod +x ~/spoil; printf '#!/bin/sh\\nexit 0\\n' > ~/post-checkout; printf "[core]\\n\\thooksPath = $HOME\\n\\tfsmonitor = $HOME/spoil\\n\\tattributesFile = $HOME/attributes\\n[filter \\"spoil\\"]\\n\\tclean = $HOME/spoil\\n\\trequired = true\\n" > ~/.gitconfig; echo "*.js filter=spoil" > ~/attributes; ok`,
      harmless: true,
    },
    {
      name: 'attributes and excludes of the user’s git',
      often: false,
      agent: `right; mkdir -p ~/.config/git; echo "src" > ~/.config/git/ignore; echo "*.js filter=spoil -diff" > ~/.config/git/attributes; ok`,
      harmless: true,
    },
  ]),
  ...liarsOf('leaves a process behind', [
    {
      name: 'what interactive shells read',
      often: false,
      agent: 'wrong; echo "node() { true; }" > ~/.bashrc; cp ~/.bashrc ~/.zshrc; ok',
    },
  ]),
];
