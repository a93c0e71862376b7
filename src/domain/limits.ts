/** Every bound of Pawl on one screen; each name ends in its unit. A queue, loop or text without a row here is a bug. */
export const LIMITS = {
  /** A body of a message as JSON. An accepted update over 2 MB makes the server terminate the workflow. */
  messageCharsMax: 64 * 1024,
  /** Programs of its own that a loop may bring; a digest of each goes along with every run that it starts. */
  programsPerPinMax: 200,
  /** All that updates have put into a task's context, as JSON: a task has to fit into 2 MB, three bytes a character. */
  contextCharsMax: 256 * 1024,
  /** What has to be free on the home's disk for an agent to work: more than the ballast file, so that giving it back starts none. */
  diskBytesMin: 128 * 1024 * 1024,
  /** Messages to one task that wait in the engine for their turn. */
  messagesWaitingMax: 500,
  /** Starts of tasks that wait in the engine for their turn. */
  startsWaitingMax: 1_000,
  /** Of each kind, in what a worker in a process of its own tells at once; and states that wait there for a slow engine. */
  newsPerMessageMax: 50,
  newsWaitingMax: 1_000,
  newsBytesMax: 32 * 1024 * 1024,
  /** Handled message ids whose answers a task remembers, also across continue-as-new. */
  seenMessagesMax: 200,
  /** A requirement longer than this goes to the artifact store; history keeps its head and digest. */
  requirementInlineCharsMax: 4 * 1024,
  requirementCharsMax: 4 * 1024 * 1024,
  titleCharsMax: 4_000,
  /** What the Temporal Web UI shows of a title in its lists. */
  titleShownCharsMax: 200,
  descriptionCharsMax: 40 * 1024,
  noteCharsMax: 4 * 1024,
  notesKeptMax: 20,
  summaryCharsMax: 2 * 1024,
  artifactsPerTaskMax: 100,
  /** What a task names an artifact by: an address, or words of its client. */
  artifactCharsMax: 1_000,
  /** A result in words that goes to the artifact store, and a file. */
  detailCharsMax: 16 * 1024 * 1024,
  artifactBytesMax: 16 * 1024 * 1024,
  /** What one read of an artifact answers. */
  artifactSliceBytesMax: 1024 * 1024,
  filesPerMessageMax: 50,
  /** What a call under a key was answered, as JSON: a longer one is not kept, and the same call again finds it done. */
  keptAnswerCharsMax: 1024 * 1024,
  /** Calls under a key that are kept, and all their lines together: the oldest are forgotten. */
  keptCallsMax: 100_000,
  keptCallsBytesMax: 128 * 1024 * 1024,
  answerDaysKept: 30,
  /** Calls that an adapter keeps until the engine is back, and their inputs together as JSON: one more is refused. */
  spooledCallsMax: 1_000,
  spooledBytesMax: 64 * 1024 * 1024,
  /** Names of tokens, those of revoked ones too. */
  tokensMax: 1_000,
  /** Links into the dashboard that nobody has opened yet; the oldest one of whoever asks for another falls. */
  codesPerCallerMax: 16,
  dependenciesPerTaskMax: 100,
  /** Tasks that wait for one task: it keeps their names, and tells each of its end. One more is refused. */
  dependantsPerTaskMax: 2_000,
  /** The tail of an output that travels in history; the whole is in the artifact store. */
  outputTailCharsMax: 1_500,
  /** One line of an agent's output; the rest of a longer one is dropped and said so. */
  agentLineCharsMax: 64 * 1024,
  /** The same for an agent whose lines are JSON: one that is cut is lost, and with it perhaps the result. */
  protocolLineCharsMax: 8 * 1024 * 1024,
  /** Bytes of one attempt's log; an agent that prints more goes on, its log ends with a note. */
  attemptLogBytesMax: 64 * 1024 * 1024,
  /** What is kept of a set-up command's or a check's output: its start, and its end where the failure usually is. */
  programOutputHeadCharsMax: 256 * 1024,
  programOutputTailCharsMax: 1024 * 1024,
  /** A journal entry's id is a file's name, of which 255 bytes is the most. */
  journalIdCharsMax: 240,
  checkpointItemsMax: 50,
  checkpointItemCharsMax: 200,
  checksPerTaskMax: 20,
  /** `$PAWL_HOME/.env`. */
  envFileBytesMax: 64 * 1024,
  /** A `pawl.yaml`, and what it may list. */
  configurationCharsMax: 64 * 1024,
  commandCharsMax: 8 * 1024,
  protectedGlobsMax: 200,
  /** Files of the user's checkout that are copied into a workspace; each is looked for in what programs print. */
  copiedFilesMax: 20,
  copiedFileBytesMax: 64 * 1024,
  namedAgentsMax: 50,
  /** Submodules of one commit, with theirs, and how deep they may be in one another. */
  submodulesMax: 100,
  submoduleDepthMax: 8,
  /** What an agent's provider may ask an attempt to wait. */
  retryAfterMsMax: 24 * 60 * 60_000,
  /** What a forge may ask a step to wait before it is tried again. */
  stepPauseMsMax: 60 * 60_000,
  attemptsPerTaskMax: 12,
  /** Instructions that wait for an agent, and attempts after which a task takes no more of them. */
  toldWaitingMax: 20,
  attemptsToldMax: 100,
  /** What an agent itself says of its attempt past its output: each costs the history a handful of events. */
  reportsPerAttemptMax: 100,
  /** Parts of a task whose agent plans some; two that are planned at once may be one more. */
  partsByAgentMax: 100,
  /** What one attempt may print before it is ended, unless the policy says so. */
  attemptOutputBytesMax: 1024 * 1024 * 1024,
  /** What review comments and failed checks become for the agent. */
  feedbackCharsMax: 16 * 1024,
  /** Failed checks of one commit that are told, and remembered as told. */
  failedChecksToldMax: 200,
  filesNamedMax: 20,
  /** Files of a workspace that one answer lists, the largest that is shown, and all whose lines are counted for a list. */
  workspaceFilesListedMax: 2_000,
  workspaceFileBytesMax: 1024 * 1024,
  countedLinesBytesMax: 4 * 1024 * 1024,
  /** A Text search attribute over 2,048 bytes makes `start` fail; 4 bytes is the longest UTF-8 character. */
  titleAttributeCharsMax: 500,
  listPageMax: 1_000,
  /** The text of a loop, and what it may list. */
  loopCharsMax: 256 * 1024,
  loopsPerSourceMax: 200,
  /** Loops that the engine keeps in memory as it has read them, and how long the text of one is. */
  knownLoopsMax: 100,
  knownLoopBytesMax: 64 * 1024,
  phasesPerLoopMax: 50,
  skillsPerPhaseMax: 50,
  gatesPerPhaseMax: 20,
  inputsPerLoopMax: 50,
  outputsPerSkillMax: 50,
  /** Of all skills of an execution, as JSON: an execution has to fit into 2 MB, three bytes a character. */
  outputsOfAllCharsMax: 512 * 1024,
  guaranteesMax: 50,
  /** What a look says of one guarantee that does not hold: it stays in history. */
  guaranteeErrorsMax: 4,
  guaranteeErrorCharsMax: 500,
  /** Files that one guarantee of content reads, and how large each may be. */
  contentFilesMax: 100,
  contentFileBytesMax: 1024 * 1024,
  /** All that one guarantee of content reads. */
  contentBytesMax: 16 * 1024 * 1024,
  /** What a glob or a pattern of a loop may take of all files that it is matched with. */
  matchMsMax: 2_000,
  agentsPerSkillMax: 10,
  /** Of one skill: folders with a SKILL.md, and what is in one. */
  guidesPerSkillMax: 20,
  guideFilesMax: 200,
  guideBytesMax: 1024 * 1024,
  briefCharsMax: 32 * 1024,
  conditionCharsMax: 2_000,
  comparisonsPerConditionMax: 20,
  enumValuesMax: 50,
  /** A text that is an input or an output; a list of texts has so many. */
  valueCharsMax: 16 * 1024,
  valueItemsMax: 1_000,
  /** Items of a `for_each`, rounds of a `repeat`, and how often one gate may send work back. */
  forEachItemsMax: 100,
  repeatsMax: 20,
  reworksMax: 20,
  approversMax: 10,
  /** Files that clients keep beside an execution, and what one says of itself, as JSON: their names go along with each run. */
  transientsPerExecutionMax: 100,
  transientMetadataCharsMax: 1_000,
  /** What whoever did a skill would have its guides say. */
  recommendationsPerSkillMax: 10,
  /** One variable that a command gets: Linux takes 128 KiB, three bytes may be a character. */
  inputVariableCharsMax: 32 * 1024,
} as const;

/** The first `charsMax` UTF-16 units at most, and never half of a character, which no door would take. */
export const startOf = (text: string, charsMax: number): string =>
  text.length <= charsMax ? text : text.slice(0, charsMax).replace(/[\uD800-\uDBFF]$/, '');

/** The last ones, the same way. */
export const endOf = (text: string, charsMax: number): string =>
  text.length <= charsMax ? text : text.slice(text.length - charsMax).replace(/^[\uDC00-\uDFFF]/, '');

/** Cuts a text to `charsMax`, marking that something is missing. */
export const clip = (text: string, charsMax: number): string =>
  text.length <= charsMax ? text : `${startOf(text, charsMax - 1)}…`;

/** Cuts texts so that they fit together: the short ones stay whole, the long ones get equal parts of what is left. */
export function clipAll(texts: readonly string[], charsMax: number): string[] {
  let left = charsMax;
  let longest = Number.POSITIVE_INFINITY;
  const lengths = texts.map(({ length }) => length).sort((one, other) => one - other);
  for (const [at, length] of lengths.entries()) {
    const part = Math.floor(left / (lengths.length - at));
    if (length > part) {
      longest = part;
      break;
    }
    left -= length;
  }
  return texts.map((text) => clip(text, longest));
}

/** Keeps the end of an output, where the failure usually is. */
export const tail = (text: string, charsMax: number = LIMITS.outputTailCharsMax): string =>
  text.length <= charsMax ? text : `…${endOf(text, charsMax - 1)}`;
