import { expect } from 'chai';
import { execa } from 'execa';

describe('npm start', function () {
  this.timeout('20m');

  it('shows an upgrade that keeps everything and one that is refused, and takes the cluster down with --down', async () => {
    const { stdout } = await execa('npm', ['start', '--', '--down']);
    const typed = stdout.split('\n').filter((line) => line.startsWith('$ helm'));
    expect(typed.map((line) => line.split(' ').slice(1, 3).join(' '))).to.deep.equal([
      'helm repo',
      'helm install',
      'helm upgrade',
      'helm upgrade',
    ]);
    expect(stdout).to.match(/^state +3 +3 +same$/m);
    expect(stdout).to.match(/^image +.*v1\.8\.0 +.*v1\.9\.1 +changed$/m);
    expect(stdout).to.contain('node(s) were unschedulable');
    expect(stdout.trimEnd()).to.match(/The cluster is down again\.$/);
  });
});
