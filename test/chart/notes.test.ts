import { expect } from 'chai';
import { execa } from 'execa';
import { clients } from '../support/helm.ts';
import { bothClients, chart, renderText, type Tree } from './render.ts';

const notes = (values: Tree, flags: string[] = []): Promise<string> =>
  renderText('include (print $.Template.BasePath "/NOTES.txt") .', values, flags);

describe('The notes', () => {
  it('are printed by an install', async () => {
    const { helm4 } = await clients();
    const { stdout } = await execa(helm4, ['install', 'release', chart, '-n', 'mesh', '--dry-run=client']);
    expect(stdout).to.match(/^NOTES:\nThe Coordinator v1\.9\.1 starts in namespace mesh\.$/m);
  });

  it('say after an install how to set the Manifest', async () => {
    const text = await notes({ coordinator: { clientServerPort: 5000 } });
    expect(text).to.include('kubectl -n marblerun port-forward service/coordinator-client-api 5000');
    expect(text).to.include(
      'marblerun manifest set manifest.json localhost:5000 --recoverydata recovery.json',
    );
    expect(text).to.include('marblerun status localhost:5000');
    expect(text).not.to.include('WARNING');
  });

  it('say after an upgrade where to look', async () => {
    const text = await notes({ coordinator: { version: 'v1.9.0' } }, ['--is-upgrade']);
    expect(text).to.match(/^The Coordinator is updated to v1\.9\.0 in namespace marblerun\.$/m);
    expect(text).to.include('kubectl -n marblerun get configmap marblerun-coordinator-record');
    expect(text).to.include('kubectl -n marblerun get deployment marblerun-coordinator-anchor');
    expect(text).not.to.include('manifest set');
  });

  it('warn where hooks are off', async () => {
    const off = await notes({ hooks: { enabled: false } }, ['--is-upgrade']);
    expect(off)
      .to.include('WARNING: the preflight hook is off')
      .and.to.include('Nothing was checked before this upgrade');
    expect(off)
      .to.include('WARNING: the rollout hook is off')
      .and.not.to.include('marblerun-coordinator-record');
    const one = await notes({ hooks: { rollout: { enabled: false } } });
    expect(one).to.include('the rollout hook is off').and.not.to.include('the preflight hook is off');
  });

  it('warn where nothing keeps the Coordinator on its node', async () => {
    const text = await notes({ placement: { stickiness: 'none' } });
    expect(text).to.include('WARNING: placement.stickiness is none').and.not.to.include('coordinator-anchor');
  });

  it('warn of simulation', async () => {
    expect(await notes({ coordinator: { simulation: true } })).to.include(
      'WARNING: the Coordinator runs in simulation mode',
    );
  });
});

describe('helm lint --strict', () => {
  for (const client of bothClients) {
    it(`finds nothing, with ${client}`, async () => {
      const { [client]: helm } = await clients();
      const { stdout } = await execa(helm, ['lint', '--strict', chart]);
      expect(stdout)
        .to.include('1 chart(s) linted, 0 chart(s) failed')
        .and.not.to.match(/WARNING|ERROR/);
    });
  }
});
