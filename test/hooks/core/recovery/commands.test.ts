import { expect } from 'chai';
import {
  recoveryCommands,
  whoRecovers,
  type RecoveryTarget,
} from '../../../../hooks/core/recovery/commands.ts';

const target = { namespace: 'mesh', pod: 'marblerun-coordinator-0', clientPort: 4433, simulation: false };
const linesOf = (version: string, more: Partial<RecoveryTarget> = {}) =>
  recoveryCommands({ ...target, version, keys: undefined, ...more });
const commandsOf = (version: string) => linesOf(version).filter((line) => !line.startsWith('#'));
const commentsOf = (...call: Parameters<typeof linesOf>) =>
  linesOf(...call).filter((line) => line.startsWith('#'));

describe('recoveryCommands', () => {
  for (const version of ['v0.2.0', 'v1.4.1']) {
    it(`uploads the raw secret to ${version}`, () => {
      expect(commandsOf(version).at(-2)).to.equal(
        'curl -k --data-binary @secret https://localhost:4433/recover',
      );
    });
  }

  for (const version of ['v1.5.0', 'v1.6.0']) {
    it(`uploads JSON without a signature to ${version}`, () => {
      const commands = commandsOf(version);
      expect(commands.at(-2)).to.contain('/api/v2/recover').and.to.contain('"recoverySecret"');
      expect(commands.join('\n')).to.not.contain('recoverySecretSignature').and.not.contain('dgst');
    });
  }

  for (const version of ['v1.7.0', 'v1.9.1', 'latest']) {
    it(`signs the plain secret and uploads both to ${version}`, () => {
      const commands = commandsOf(version);
      expect(commands.at(-3)).to.equal('openssl dgst -sha256 -sign private.pem -out secret.sig secret');
      expect(commands.at(-2)).to.contain('"recoverySecretSignature":"%s"').and.to.contain('/api/v2/recover');
    });
  }

  for (const version of ['v1.4.1', 'v1.6.0', 'v1.9.1']) {
    it(`starts with the port of this very pod for ${version}`, () => {
      expect(commandsOf(version)[0]).to.equal(
        'kubectl -n mesh port-forward pod/marblerun-coordinator-0 4433:4433',
      );
    });

    it(`decrypts with OAEP and SHA-256 for ${version}`, () => {
      expect(commandsOf(version).join('\n'))
        .to.contain('rsa_padding_mode:oaep')
        .and.to.contain('rsa_oaep_md:sha256');
    });

    it(`keeps secrets out of the arguments of every program for ${version}`, () => {
      for (const words of commandsOf(version).flatMap(processesOf)) {
        const [program] = words;
        // printf is a builtin of the shell: its arguments show in no process list.
        if (program === 'printf') continue;
        expect(words.join(' '), program).to.not.match(/\$\(|`|\$\{?[A-Za-z]/);
      }
    });

    it(`leaves no plain secret behind for ${version}`, () => {
      expect(commandsOf(version).at(-1)).to.equal('rm secret');
    });

    it(`never sets a Manifest for ${version}`, () => {
      expect(commandsOf(version).join('\n')).to.not.contain('manifest');
    });
  }

  it('tells what NAME and the key are, after the commands', () => {
    const lines = linesOf('v1.9.1');
    expect(lines.findIndex((line) => line.startsWith('#'))).to.equal(lines.length - 3);
    expect(commentsOf('v1.9.1')[0]).to.contain('NAME is the name of the RecoveryKey');
  });

  it('names the one command that does the same, from v1.5 on', () => {
    const command = 'marblerun-hooks recover -n mesh --secret recovery.json --key private.pem';
    expect(commentsOf('v1.5.0')[1]).to.contain(`${command} --era-config coordinator-era.json`);
    expect(commentsOf('v1.9.1', { simulation: true })[1]).to.contain(`${command} --insecure`);
    expect(commentsOf('v1.4.1').join('\n')).not.to.contain('marblerun-hooks recover');
  });

  /** Version, simulation, the command of MarbleRun's CLI. */
  const variants: [string, boolean, string][] = [
    ['v1.4.1', false, 'marblerun recover secret localhost:4433'],
    ['v1.6.0', true, 'marblerun recover secret localhost:4433 --insecure'],
    ['v1.8.0', false, 'marblerun recover secret.enc localhost:4433 --key private.pem'],
    ['v1.9.1', true, 'marblerun recover secret.enc localhost:4433 --key private.pem --insecure'],
  ];
  for (const [version, simulation, command] of variants) {
    it(`gives the CLI what it takes for ${version}${simulation ? ' in simulation' : ''}`, () => {
      expect(commentsOf(version, { simulation }).at(-1)?.endsWith(`: ${command}`)).to.equal(true);
    });
  }
});

/** Keys, who has to act. */
const parties: [RecoveryTarget['keys'], string][] = [
  [undefined, 'each party'],
  [{ parties: 1, threshold: 1 }, 'its only party'],
  [{ parties: 3, threshold: 3 }, 'all its 3 parties'],
  [{ parties: 3, threshold: 2 }, 'any 2 of its 3 parties'],
];

describe('whoRecovers', () => {
  for (const [keys, who] of parties) {
    it(`is ${who} for ${keys === undefined ? 'unknown keys' : JSON.stringify(keys)}`, () => {
      expect(whoRecovers(keys)).to.equal(who);
    });
  }
});

/** The programs of a pipeline with their arguments; a quoted text or substitution is one word. */
function processesOf(line: string): string[][] {
  const words = line.match(/"\$\([^)]*\)"|'[^']*'|\S+/g) ?? [];
  const processes: string[][] = [[]];
  for (const word of words) {
    if (word === '|') processes.push([]);
    else processes.at(-1)?.push(word);
  }
  return processes;
}
