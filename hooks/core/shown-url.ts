const masked = '***';

/**
 * A URL as it may stand in a message: without the password and the user's name, which may be a token, and without what its
 * query says, but for the parameters that are named. What is no URL of a web service is not shown at all.
 */
export function shownUrl(url: string, harmless: readonly string[] = []): string {
  const shown = URL.parse(url);
  if (shown === null || !/^https?:$/.test(shown.protocol)) return masked;
  const telling = [...shown.searchParams.keys()].filter((name) => !harmless.includes(name));
  if (shown.username === '' && shown.password === '' && telling.length === 0) return url;
  if (shown.username !== '' || shown.password !== '') shown.username = masked;
  shown.password = '';
  for (const name of telling) shown.searchParams.set(name, masked);
  return shown.href.replace(/\/$/, '');
}
