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
/** When something was last said to the task. */
export const PawlChanged = defineSearchAttributeKey('PawlChanged', SearchAttributeType.DATETIME);

export const searchAttributes = [
  PawlStatus,
  PawlKind,
  PawlRepository,
  PawlGate,
  PawlTitle,
  PawlAttempt,
  PawlChanged,
];
