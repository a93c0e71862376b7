/** One message: a result of 10 MB in words, each character of which may take six of JSON. */
export const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
