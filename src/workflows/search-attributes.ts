/**
 * What lists filter on, declared once: the registration at every start reads this list, so declared and registered
 * cannot differ. The server gives few of each type (10 keywords, 3 texts), so a new one needs a reason.
 */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

export const PawlStatus = defineSearchAttributeKey('PawlStatus', SearchAttributeType.KEYWORD);
export const PawlKind = defineSearchAttributeKey('PawlKind', SearchAttributeType.KEYWORD);
export const PawlRepository = defineSearchAttributeKey('PawlRepository', SearchAttributeType.KEYWORD);
/** The gate that is open, absent while none is. */
export const PawlGate = defineSearchAttributeKey('PawlGate', SearchAttributeType.KEYWORD);
export const PawlTitle = defineSearchAttributeKey('PawlTitle', SearchAttributeType.TEXT);
export const PawlAttempt = defineSearchAttributeKey('PawlAttempt', SearchAttributeType.INT);
/**
 * What else a row of a list tells (`RowFacts`), as JSON: fewer characters than every server keeps of a keyword. Nobody filters on
 * it; in the memo it would cost an event of its own for each change.
 */
export const PawlFacts = defineSearchAttributeKey('PawlFacts', SearchAttributeType.KEYWORD);
/** When something was last said to the task. */
export const PawlChanged = defineSearchAttributeKey('PawlChanged', SearchAttributeType.DATETIME);

export const searchAttributes = [
  PawlStatus,
  PawlKind,
  PawlRepository,
  PawlGate,
  PawlTitle,
  PawlAttempt,
  PawlFacts,
  PawlChanged,
];
