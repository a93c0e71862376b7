/** Whether a host's name or address is this machine's own, where nobody else can listen. Pure; a name is not resolved. */

const IPV4 = /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** @param name as it stands in a URL or a Host header: `localhost`, an IPv4 address, `::1` or `[::1]` */
export const isLoopback = (name: string): boolean =>
  /^(?:localhost|::1|\[::1\])$/i.test(name) || IPV4.test(name);
