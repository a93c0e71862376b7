/** Parts of loops as they are written. */
export const skill = (id: string, more: object = {}) => ({ id, manual: true, ...more });
export const phase = (id: string, skills: readonly object[], gates: readonly object[] = []) => ({
  id,
  skills,
  gates,
});
export const approval = (id: string, more: object = {}) => ({ id, kind: 'approval', ...more });
