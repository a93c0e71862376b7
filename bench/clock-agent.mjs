/** An agent that prints what time it is, again and again, until it is ended. */
const EVERY_MS = 200;

function print() {
  console.log(`at ${Date.now()}`);
  // Not in step with anything else that happens every so often.
  setTimeout(print, EVERY_MS * (0.5 + Math.random()));
}
print();
