import { expect } from 'chai';
import { lastWords } from '../../../../hooks/core/roll/last-words.ts';

describe('lastWords', () => {
  it('is the last line that says something', () => {
    expect(lastWords('starting\npanic: no database\n\n')).to.equal('its last log line: panic: no database');
  });

  it('is the refusal of the Coordinator, where there is one', () => {
    const log =
      'activating marble of type web\nrpc error: code = PermissionDenied desc = reached max activations count\nexiting\n';
    expect(lastWords(log)).to.equal(
      'the Coordinator refused its activation: rpc error: code = PermissionDenied desc = reached max activations count',
    );
  });

  it('is what a program of Go says before its stack', () => {
    const log =
      'panic: rpc error: code = Unavailable\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:15 +0x54\n';
    expect(lastWords(log)).to.equal('its last log line: panic: rpc error: code = Unavailable');
  });

  it('is cut when it is long', () => {
    expect(lastWords('x'.repeat(1000))?.length).to.be.below(330);
  });

  it('is nothing when nothing was said', () => {
    expect(lastWords(' \n')).to.equal(undefined);
    expect(lastWords('unable to retrieve container logs for containerd://61a93aa1')).to.equal(undefined);
  });
});
