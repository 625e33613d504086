import { parseArgs } from 'node:util';
import { interactInside } from './inside.ts';
import { buildLab, endLab, openLab, startLab, type Lab } from './lab.ts';
import { dirOf, runningLab, runningLabs } from './state.ts';

const usage = `Usage: npm run lab -- COMMAND [--name NAME]

  up                    start a two-node cluster and leave it running
  down                  end it and remove everything of it
  build                 build what it is made of, and start nothing
  status                which labs run, and how they are
  kubeconfig            print the path of its kubeconfig (usable inside: lab exec)
  exec -- COMMAND...    run a command inside; without one, your shell

NAME is dev unless given.`;

type Command = (name: string, rest: readonly string[]) => Promise<number>;

const commands: Readonly<Record<string, Command>> = {
  up: async (name) => {
    const start = Date.now();
    const seconds = (): string => `${Math.round((Date.now() - start) / 1000)} s`.padStart(5);
    const onProgress = (line: string): void => {
      console.error(`${seconds()}  ${line}`);
    };
    await startLab({ name, keep: true, onProgress });
    onProgress(`The lab "${name}" is up: npm run lab -- exec -- kubectl get nodes`);
    return 0;
  },
  build: async () => {
    await buildLab((line) => {
      console.error(line);
    });
    return 0;
  },
  down: async (name) => {
    console.error((await endLab(name)) ? `The lab "${name}" is gone` : `There is no lab "${name}"`);
    return 0;
  },
  status: async () => {
    const labs = await runningLabs();
    if (labs.length === 0) console.log('No lab is running');
    for (const { name, ready } of labs) {
      console.log(`${name} (${dirOf(name)})${ready ? '' : ': starting'}`);
      const lab = await openLab(name);
      if (lab !== undefined) console.log(await lab.kubectl('get', 'nodes'));
    }
    return 0;
  },
  kubeconfig: async (name) => {
    console.log((await opened(name)).kubeconfig);
    return 0;
  },
  exec: async (name, rest) => {
    const { dir } = await opened(name);
    const state = await runningLab(name);
    if (state === undefined) return 1;
    const command = rest.length > 0 ? rest : [process.env.SHELL ?? 'sh'];
    return interactInside({ dir, first: state.first }, command);
  },
};

async function opened(name: string): Promise<Lab> {
  const lab = await openLab(name);
  if (lab === undefined) throw new Error(`There is no lab "${name}"; start it with: npm run lab -- up`);
  return lab;
}

async function main(argv: readonly string[]): Promise<number> {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  const rest = end < 0 ? [] : argv.slice(end + 1);
  const { values, positionals } = parseArgs({
    args: [...own],
    options: {
      name: { type: 'string', default: 'dev' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  });
  const command = commands[positionals[0] ?? ''];
  if (values.help || command === undefined || positionals.length > 1) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  return command(values.name, rest);
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});
