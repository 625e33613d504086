/** As many whole lines as there is room for, at least the first; the log has the rest. */
export function shortened(text: string, limit: number): string {
  const more = '(more in the log of the anchor)';
  if (text.length <= limit) return text;
  const lines = text.split('\n');
  while (lines.length > 1 && [...lines, more].join('\n').length > limit) lines.pop();
  return [...lines, more].join('\n').slice(0, limit);
}
