import { BlockList, isIP } from 'node:net';

/**
 * The proxy that the environment names for a URL, as kubectl and Helm take it (Go: golang.org/x/net/http/httpproxy): upper case
 * first, never for this machine, and not for what NO_PROXY lists. Undefined where there is none.
 */
export function proxyFor(url: string, environment: NodeJS.ProcessEnv): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const named = (name: string): string =>
    [environment[name], environment[name.toLowerCase()]].find(
      (value) => value !== undefined && value !== '',
    ) ?? '';
  const proxy = named(protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (proxy === '' || isThisMachine(host)) return undefined;
  const exceptions = named('NO_PROXY')
    .split(',')
    .map((entry) => entry.trim().toLowerCase());
  const at = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  if (exceptions.some((entry) => covers(entry, host, at))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Whether an entry of NO_PROXY is `*`, the host or a domain above it, its address or a range of addresses, with its port or none. */
function covers(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return inRange(entry, host);
  const [, name = entry, only] = /^\[?(.*?)\]?:(\d+)$/.exec(isIP(entry) === 6 ? '' : entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const domain = name.replace(/^\*?\./, '');
  return (domain === name && host === domain) || host.endsWith(`.${domain}`);
}

function inRange(entry: string, host: string): boolean {
  const [address = '', bits = ''] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || isIP(host) !== version || !/^\d+$/.test(bits)) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (Number(bits) > (version === 4 ? 32 : 128)) return false;
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family);
  return range.check(host, family);
}
