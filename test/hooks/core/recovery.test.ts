import { expect } from 'chai';
import { recoveryCommands } from '../../../hooks/core/recovery.ts';

const target = { namespace: 'mesh', pod: 'marblerun-coordinator-0', clientPort: 4433 };
const commandsOf = (version: string) => recoveryCommands({ ...target, version });

describe('recoveryCommands', () => {
  for (const version of ['v0.2.0', 'v1.4.1']) {
    it(`uploads the raw secret to ${version}`, () => {
      expect(commandsOf(version).at(-1)).to.equal(
        'curl -k --data-binary @secret https://localhost:4433/recover',
      );
    });
  }

  for (const version of ['v1.5.0', 'v1.6.0']) {
    it(`uploads JSON without a signature to ${version}`, () => {
      const commands = commandsOf(version);
      expect(commands.at(-1)).to.contain('/api/v2/recover').and.to.contain('"recoverySecret"');
      expect(commands.join('\n')).to.not.contain('recoverySecretSignature').and.not.contain('dgst');
    });
  }

  for (const version of ['v1.7.0', 'v1.9.1', 'latest']) {
    it(`signs the plain secret and uploads both to ${version}`, () => {
      const commands = commandsOf(version);
      expect(commands.at(-2)).to.equal('openssl dgst -sha256 -sign private.pem -out secret.sig secret');
      expect(commands.at(-1)).to.contain('"recoverySecretSignature":"%s"').and.to.contain('/api/v2/recover');
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

    it(`never sets a Manifest for ${version}`, () => {
      expect(commandsOf(version).join('\n')).to.not.contain('manifest');
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
