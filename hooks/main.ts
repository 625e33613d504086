#!/usr/bin/env node
import packageJson from '../package.json' with { type: 'json' };
import { audienceOf, readCommandLine, usageOf } from './cli/program.ts';
import { ExitCode } from './core/exit-code.ts';
import { SettingsError } from './core/settings.ts';

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  // It stays: where nobody listens any more, execa ends this process by the signal before a word is said. A second one does.
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(ExitCode.Stopped);
    stop.abort(new Error(`stopped by ${signal}`));
  });
}

/** Runs one command and translates whatever ends it into the documented exit codes. */
async function run(argv: readonly string[]): Promise<ExitCode> {
  try {
    refuseOldNode(process.versions.node);
    return await readCommandLine(argv).run(stop.signal);
  } catch (error) {
    const wrongUse = error instanceof SettingsError;
    const text = wrongUse
      ? `marblerun-hooks: ${error.message}\n${usageOf(argv)}`
      : `marblerun-hooks: internal error, please report it: ${(error as Error).stack ?? String(error)}`;
    const { lastWord } = await import('./io/output.ts');
    // Helm copies what a hook has on stdout; a person pipes that, and reads stderr.
    lastWord(text, audienceOf(argv) === 'chart' ? process.stdout : process.stderr);
    return wrongUse ? ExitCode.Usage : ExitCode.Unknown;
  }
}

/** Older ones fail in the middle, in words that tell nobody anything. */
function refuseOldNode(version: string): void {
  const needed = packageJson.engines.node.replace('>=', '');
  if (parseInt(version) < Number(needed)) {
    throw new SettingsError(`it needs Node.js ${needed} or newer, and this is ${version}`);
  }
}

process.exitCode = await run(process.argv.slice(2));
