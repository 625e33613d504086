import { existsSync, writeFileSync } from 'node:fs';

/** Kubernetes keeps this many bytes of a container's termination message (container runtime contract). */
export const terminationMessageLimit = 4096;
const terminationLog = '/dev/termination-log';

/** Where a command speaks: lines while it works, and one report at its end. */
export interface Output {
  progress: (line: string) => void;
  result: (text: string) => void;
  /** Leaves a message for `kubectl describe pod`; does nothing outside a container. */
  terminationMessage: (text: string) => void;
}

/** Says what kept a command from its work; Kubernetes keeps it, too, in a container. */
export function lastWord(text: string, stream: NodeJS.WriteStream): void {
  leaveMessage(text);
  stream.write(`${text}\n`);
}

/** Says a line the first time only, such as one that tells of each try in vain. */
export function onceEach(say: (line: string) => void): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (said.has(line)) return;
    said.add(line);
    say(line);
  };
}

/** Everything on stdout, which is what Helm copies from a hook. With JSON, progress goes to stderr instead. */
export function standardOutput(format: 'text' | 'json'): Output {
  const aside = format === 'json' ? process.stderr : process.stdout;
  return {
    progress: (line) => void aside.write(`${line}\n`),
    result: (text) => void process.stdout.write(`${text}\n`),
    terminationMessage: leaveMessage,
  };
}

function leaveMessage(text: string): void {
  if (existsSync(terminationLog)) writeFileSync(terminationLog, text);
}
