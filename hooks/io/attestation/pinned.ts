import type { X509Certificate } from 'node:crypto';
import type { PeerCheck } from '../http.ts';

/**
 * Lets a request through to nobody but the owner of this root certificate, which is what the Coordinator's client API
 * serves in every version (MarbleRun: coordinator/core/core.go, GetTLSRootCertificate). A certificate that the root has
 * signed does not do: each Marble has one.
 */
export function pinnedTo(root: X509Certificate): PeerCheck {
  return (certificate) =>
    certificate.raw.equals(root.raw)
      ? undefined
      : new Error(
          `the connection leads to another certificate (SHA-256 ${certificate.fingerprint256}) than the Coordinator's ` +
            `(${root.fingerprint256}): somebody may be in between, or the Coordinator restarted; nothing was sent`,
        );
}
