/** One message: a result of 10 MB in words, each character of which may take six of JSON. */
export const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
/** What is read of a resource at once, as JSON: an official client takes 10 MiB of a message, unless it is told otherwise. */
export const PART_BYTES_MAX = 6_000_000;
/** The tasks that one answer lists, which says a part of them once more as text. */
export const LISTED_BYTES_MAX = 3_000_000;
