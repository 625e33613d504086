import { styleText } from 'node:util';

/** How severities look. The word says it all where there are no colours, or for who cannot tell them apart. */
const looks = { BLOCK: 'red', WARN: 'yellow', INFO: 'cyan', ACKNOWLEDGED: 'magenta' } as const;

/** The first words of a finding: where it stands, in a Manifest, its severity and its code. */
const findingStart = /^((?:\S+: )?)(BLOCK|WARN|INFO|ACKNOWLEDGED)(?= [a-z-]+ \()/gm;

/**
 * Whether colours are welcome: on a terminal that has them, unless NO_COLOR or NODE_DISABLE_COLORS is set; FORCE_COLOR has
 * them anywhere (https://no-color.org, and Node's own rules: util.styleText, tty.getColorDepth).
 */
export function hasColours(stream: NodeJS.WritableStream): boolean {
  return styleText('bold', 'x', { stream }) !== 'x';
}

/** A text for people, its severities in colour where those are welcome. */
export function paintSeverities(text: string, stream: NodeJS.WritableStream): string {
  return text.replaceAll(
    findingStart,
    (_, place: string, severity: keyof typeof looks) =>
      place + styleText(looks[severity], severity, { stream }),
  );
}
