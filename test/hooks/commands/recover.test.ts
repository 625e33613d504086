import { constants, privateDecrypt, verify } from 'node:crypto';
import { expect } from 'chai';
import { recover, type Vouched } from '../../../hooks/commands/recover.ts';
import { ExitCode } from '../../../hooks/core/exit-code.ts';
import { type Report } from '../../../hooks/core/report.ts';
import { SettingsError } from '../../../hooks/core/settings.ts';
import type { RecoveryApi } from '../../../hooks/io/recovery-api.ts';
import { coordinator } from '../builders.ts';
import { encryptedFor } from '../core/recovery/parties.ts';
import { alice, ephemeral, parties, share, two, world } from '../recover-world.ts';
import { rejection } from '../rejection.ts';

const codes = ({ findings }: Report) => findings.map(({ code, severity }) => `${severity} ${code}`);

describe('recover', () => {
  it('uploads what is needed, encrypted for the Coordinator and signed by each party, and sees the state back', async () => {
    const made = world({ given: two });
    expect(await recover(made.tools)).to.equal(ExitCode.Fine);
    expect(made.uploads).to.have.lengthOf(2);
    for (const [index, { secret, signature }] of made.uploads.entries()) {
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const plain = privateDecrypt({ key: ephemeral.privateKey, padding, oaepHash: 'sha256' }, secret);
      expect(plain).to.deep.equal(share);
      const key = parties[index]?.publicKey;
      expect(verify('sha256', plain, key ?? '', signature ?? Buffer.of())).to.equal(true);
    }
    const report = made.report();
    expect(report.outcome).to.equal('passed');
    expect(codes(report)).to.deep.equal([]);
    expect(report.actions).to.deep.equal([
      'Uploaded the secret of alice (alice.enc).',
      'Uploaded the secret of bob (bob.enc).',
    ]);
    expect(made.cluster.writes).to.deep.equal([]);
  });

  it('says who is missing while more secrets are needed', async () => {
    const given = { secrets: [encryptedFor(alice, share)], keys: [alice.key] };
    const made = world({ given });
    expect(await recover(made.tools)).to.equal(ExitCode.Blocked);
    expect(codes(made.report())).to.deep.equal(['block recovery-needed']);
    const [{ message, remedy } = { message: '', remedy: '' }] = made.report().findings;
    expect(message).to.contain('2 of 3 parties are needed, 1 is missing');
    expect(message).to.contain('Not uploaded in this run: bob, carol.');
    expect(remedy).to.contain('marblerun-hooks recover');
  });

  it('uploads no secret that is not needed any more', async () => {
    const secrets = parties.map((each) => encryptedFor(each, share));
    const made = world({ given: { secrets, keys: parties.map(({ key }) => key) } });
    expect(await recover(made.tools)).to.equal(ExitCode.Fine);
    expect(made.uploads).to.have.lengthOf(2);
    expect(made.report().facts).to.deep.include({
      name: 'Not needed',
      value: 'the secret of carol (carol.enc)',
    });
  });

  it('goes on after a secret that is refused', async () => {
    const why = 'setting recovery key: uploaded an invalid or already used secret';
    const made = world({ given: two, refuse: (count) => (count === 1 ? why : undefined) });
    expect(await recover(made.tools)).to.equal(ExitCode.Blocked);
    expect(codes(made.report())).to.deep.equal(['warn recovery-secret-refused', 'block recovery-needed']);
    expect(made.report().findings[0]?.message).to.contain(`alice (alice.enc): ${why}`);
  });

  it('says that an upload got no answer, and that it may be repeated', async () => {
    const made = world({
      given: two,
      refuse: (count) => {
        if (count === 2) throw new Error('read ECONNRESET');
        return undefined;
      },
    });
    expect(await recover(made.tools)).to.equal(ExitCode.Blocked);
    expect(codes(made.report())).to.deep.equal(['warn coordinator-unreachable', 'block recovery-needed']);
    const { findings, actions } = made.report();
    expect(findings[0]?.message).to.match(
      /ECONNRESET\. Whether the secret of bob \(bob.enc\) counts is not known/,
    );
    expect(actions).to.have.lengthOf(1);
  });

  for (const [because, code] of [
    ['refused', ExitCode.Blocked],
    ['unknown', ExitCode.Unknown],
  ] as const) {
    it(`sends nothing to a Coordinator whose attestation is ${because}`, async () => {
      const reasons = ['SignerID is aa, expected bb'];
      const made = world({ given: two, vouched: () => ({ ok: false, because, reasons }) });
      expect(await recover(made.tools)).to.equal(code);
      expect(made.uploads).to.deep.equal([]);
      expect(codes(made.report())).to.deep.equal(['block coordinator-not-attested']);
      expect(made.report().findings[0]?.message).to.contain('SignerID is aa, expected bb');
    });
  }

  it('sends nothing to one without a quote whose Deployment does not run it in simulation', async () => {
    const vouched = (api: RecoveryApi): Vouched => ({ ok: true, how: 'simulation', warnings: [], api });
    const made = world({ given: two, vouched });
    expect(await recover(made.tools)).to.equal(ExitCode.Blocked);
    expect(made.uploads).to.deep.equal([]);
    expect(made.report().findings[0]?.message).to.contain('it sent no quote');
  });

  it('says that another state came back than was in force before', async () => {
    const recovered = coordinator((facts) => (facts.rootCertificate = 'ee'.repeat(32)));
    const made = world({ given: two, recovered });
    expect(await recover(made.tools)).to.equal(ExitCode.Blocked);
    expect(codes(made.report())).to.deep.equal(['block state-replaced']);
  });

  it('does nothing where nothing is to be recovered', async () => {
    const made = world({ given: two, state: 3, tools: { format: 'text' } });
    expect(await recover(made.tools)).to.equal(ExitCode.Fine);
    expect(made.uploads).to.deep.equal([]);
    expect(made.results.join('')).to.contain('Nothing to recover.');
  });

  it('refuses what does not fit together before it asks the Coordinator anything', async () => {
    const given = {
      secrets: [encryptedFor(alice, share), { file: 'plain', party: undefined, bytes: share }],
    };
    const made = world({ given });
    const error = await rejection(recover(made.tools));
    expect(error).to.be.instanceOf(SettingsError);
    expect(error.message.split('\n')).to.deep.equal([
      'alice.enc is encrypted: give the private key of its RecoveryKey with --key',
      'plain is not signed: give the private key with --key, or a signature with --signature',
    ]);
    expect(made.uploads).to.deep.equal([]);
  });

  it('names what was uploaded where it is cut off from the cluster, and what to run again', async () => {
    const made = world({ given: two });
    const error = { kind: 'unreachable' as const, message: 'GET /apis: connect ECONNREFUSED' };
    made.tools.progress = () => {
      if (made.uploads.length > 0) made.cluster.refusals.push({ verb: 'list', path: /deployments/, error });
    };
    expect(await recover(made.tools)).to.equal(ExitCode.Unknown);
    expect(made.report().actions).to.have.lengthOf(2);
    const [{ code, remedy } = { code: '', remedy: '' }] = made.report().findings;
    expect(code).to.equal('cluster-unreachable');
    expect(remedy).to.contain('run the same command again').and.not.to.contain('helm');
  });

  it('holds no secret and no key in what it says', async () => {
    const made = world({ given: two });
    await recover(made.tools);
    const all = [...made.results, ...made.progress, ...made.said].join('\n');
    expect(all).not.to.contain(share.toString('base64')).and.not.to.contain('PRIVATE KEY');
  });
});
