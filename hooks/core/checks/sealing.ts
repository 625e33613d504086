import { acknowledgementToken } from '../acknowledge.ts';
import { sharesState } from '../environment.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { valueOf } from '../known.ts';
import { sealBreaks } from '../sealing.ts';

/** Whether the new Coordinator can read what the old one sealed. */
export function checkSealing(facts: PreflightFacts): Finding[] {
  const { rootCertificate = '', manifest } = valueOf(facts.coordinator) ?? {};
  const breaks = sealBreaks(facts).map(({ code, subject, message, remedy, change }): Finding => {
    const outcome =
      code === 'state-format-changed'
        ? 'The mesh loses its state.'
        : 'It needs a manual recovery; until then no Marble can start.';
    const token = acknowledgementToken(code, [...change, rootCertificate, manifest?.fingerprint ?? '']);
    return { code, severity: 'block', subject, message: `${message} ${outcome}`, remedy, token };
  });
  return [...breaks, ...notSealed(facts)];
}

/** With SealMode Disabled a standalone Coordinator keeps its state in memory only (MarbleRun docs, define-manifest). */
function notSealed({ settings, live, coordinator }: PreflightFacts): Finding[] {
  if (live !== undefined && sharesState(live, settings.coordinator)) return [];
  const manifest = valueOf(coordinator)?.manifest;
  if (manifest?.sealMode !== 'Disabled') return [];
  return [
    {
      code: 'state-not-sealed',
      severity: 'block',
      subject: 'the Manifest in force',
      message:
        'The Manifest sets SealMode Disabled: nothing of the state is on disk. When its pod starts anew, the Coordinator waits for a Manifest, and all generated secrets are gone.',
      remedy:
        'Set SealMode ProductKey with a Manifest update (from v1.9), or have the Manifest at hand and acknowledge the loss.',
      token: acknowledgementToken('state-not-sealed', [manifest.fingerprint]),
    },
  ];
}
