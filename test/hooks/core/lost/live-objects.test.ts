import { expect } from 'chai';
import { known } from '../../../../hooks/core/known.ts';
import { readObjects } from '../../../../hooks/core/lost/live-objects.ts';
import { settings } from '../../builders.ts';
import { releaseObjects } from '../../upstream.ts';

function qcnlConfigOf(text: string): unknown {
  const data = { 'sgx_default_qcnl.conf': text };
  const objects = releaseObjects((o) => {
    o.dcapConfig = known({ metadata: { name: 'coordinator-dcap-config' }, data });
  });
  return readObjects(objects, settings()).find(([path]) => path.join('.') === 'dcap.qcnlConfig')?.[1];
}

describe('readObjects', () => {
  it('takes a whole QCNL configuration as it is, without a known key or with more of them', () => {
    for (const text of ['{"pccs_url": "https://p/", "retry_times": 6}', 'something else']) {
      expect(qcnlConfigOf(text)).to.equal(text);
    }
  });

  it('makes a digest of one with headers for the PCCS, among which an API key may be', () => {
    const digest = qcnlConfigOf('{"custom_request_options": {"get_cert": {"headers": {"Key": "hunter2"}}}}');
    expect(digest).to.match(/^sha256:[0-9a-f]{8}$/);
  });
});
