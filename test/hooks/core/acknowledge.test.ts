import { expect } from 'chai';
import { acknowledge, acknowledgementToken } from '../../../hooks/core/acknowledge.ts';
import { blocks, type Finding } from '../../../hooks/core/findings.ts';

const token = acknowledgementToken('recovery-expected', ['sgx-1', 'aa', 'bb']);
const finding: Finding = {
  code: 'recovery-expected',
  severity: 'block',
  subject: 'node/sgx-1',
  message: 'It moves.',
  remedy: 'Accept it.',
  token,
};

describe('acknowledgementToken', () => {
  it('is the code and a short digest', () => {
    expect(token).to.match(/^recovery-expected:[0-9a-f]{8}$/);
  });

  it('is the same for the same situation and another for any other', () => {
    const situations = [
      ['sgx-1', 'aa', 'bb'],
      ['sgx-2', 'aa', 'bb'],
      ['sgx-1', 'aabb', ''],
      ['sgx-1', '', 'aabb'],
      ['sgx-1', 'aa'],
      ['sgx-1"', '"aa', 'bb'],
      ['aa', 'sgx-1', 'bb'],
    ];
    const tokens = situations.map((stakes) => acknowledgementToken('recovery-expected', stakes));
    expect(new Set(tokens).size).to.equal(situations.length);
    expect(tokens[0]).to.equal(token);
  });
});

describe('acknowledge', () => {
  it('leaves a finding that nobody accepted', () => {
    expect(acknowledge([finding], [])).to.deep.equal([finding]);
    expect(blocks(finding)).to.equal(true);
  });

  it('marks a finding whose token is listed, so that it no longer blocks', () => {
    const [marked] = acknowledge([finding], [token]);
    expect(marked).to.deep.equal({ ...finding, acknowledged: true });
    expect(marked !== undefined && blocks(marked)).to.equal(false);
  });

  it('does not accept by the code alone', () => {
    const [first] = acknowledge([finding], ['recovery-expected']);
    expect(first).to.not.have.property('acknowledged');
  });

  it('reports each token that matches nothing', () => {
    const findings = acknowledge([finding], ['recovery-expected:00000000', token, 'may-move:11111111']);
    expect(findings.slice(1).map(({ code, severity, message }) => [code, severity, message])).to.deep.equal([
      [
        'acknowledgement-stale',
        'warn',
        '"recovery-expected:00000000" accepts nothing that was found this time.',
      ],
      ['acknowledgement-stale', 'warn', '"may-move:11111111" accepts nothing that was found this time.'],
    ]);
  });

  it('does not change what it is given', () => {
    const given = Object.freeze({ ...finding });
    acknowledge(Object.freeze([given]), [token]);
    expect(given).to.not.have.property('acknowledged');
  });
});
