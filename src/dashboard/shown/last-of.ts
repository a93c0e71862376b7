/** Of a repository the name: where it is stands on the page of the work. */
export const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
