/** Says which browser the tests of the live page drive, or how to get one: a browser is not Pawl's to install. */
import { SetupError, say } from '../setup/telling.mjs';
import { findBrowser } from './find.mjs';

const found = findBrowser();
if (found !== undefined) say(`✔ browser ${found}`);
else {
  const error = new SetupError('the tests of the live page need a Chromium, and none is on the PATH', {
    ways: [
      'Debian, Ubuntu: apt-get install chromium',
      'macOS: brew install --cask chromium',
      'or let PAWL_BROWSER name the program of one',
    ],
  });
  say(error.report());
  process.exitCode = 1;
}
