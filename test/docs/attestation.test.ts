import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { evidenceOf } from '../../hooks/core/attestation/evidence.ts';
import { serveCoordinator } from '../hooks/attestation/coordinator.ts';
import { enclave, makeMachine } from '../hooks/attestation/machine.ts';
import { makeChain } from '../hooks/certificates.ts';

const page = readFileSync(new URL('../../docs/recovery.md', import.meta.url), 'utf8');

describe('docs/recovery.md, Attestation', () => {
  it('has a command that saves the quote without its header', async () => {
    const command = /^curl .*> quote\.bin$/m.exec(page)?.[0] ?? '';
    const coordinator = await serveCoordinator(makeChain(), { machine: makeMachine({ now: 0 }) });
    const cwd = mkdtempSync(join(tmpdir(), 'quote-'));
    await execa('bash', ['-c', command.replace('https://localhost:4433', coordinator.url)], { cwd });
    expect(evidenceOf(readFileSync(join(cwd, 'quote.bin')))).to.deep.include(enclave);
    rmSync(cwd, { recursive: true });
    await coordinator.close();
  });
});
