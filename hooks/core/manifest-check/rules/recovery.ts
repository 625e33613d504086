import { createPublicKey } from 'node:crypto';
import { isBefore } from '../../releases.ts';
import type { Problem } from '../findings.ts';
import type { Manifest } from '../model.ts';
import { firstBlock } from '../pem.ts';
import { doubtful, refused } from '../problem.ts';

/**
 * Fewer bits are refused as insecure (Go 1.24 and later, crypto/rsa); before v1.9.0 the key of 16 bytes must only fit
 * (RFC 8017, RSAES-OAEP with SHA-256).
 */
function leastBits(version: string): number {
  return isBefore(version, '1.9.0') ? 8 * (16 + 2 * 32 + 2) : 1024;
}

/** Whether the state can be recovered, and by whom (v1.9.1: Manifest.Check; coordinator/recovery/multi.go). */
export function checkRecovery({ RecoveryKeys, Config }: Manifest, version: string): Problem[] {
  return [
    ...[...RecoveryKeys].flatMap(([name, text]) => key(name, text, version)),
    ...number(RecoveryKeys.size, version),
    ...(isBefore(version, '1.9.0') ? [] : threshold(RecoveryKeys.size, Config.RecoveryThreshold)),
  ];
}

function key(name: string, text: string, version: string): Problem[] {
  const say = (message: string) => [
    refused(
      'recovery-key-unreadable',
      ['RecoveryKeys', name],
      message,
      'Give a public RSA key of 3072 bits or more: openssl rsa -in KEY.pem -pubout',
    ),
  ];
  const block = firstBlock(text);
  if (block === undefined) return say(`The RecoveryKey ${name} is no PEM with its line ends.`);
  if (block.type !== 'PUBLIC KEY') {
    return say(`The RecoveryKey ${name} is a ${block.type} in PEM, but must be a PUBLIC KEY.`);
  }
  const bits = rsaBits(block.der);
  if (bits === undefined) return say(`The RecoveryKey ${name} is no RSA key.`);
  return bits < leastBits(version) ? say(`The RecoveryKey ${name} has ${bits} bits, which is too few.`) : [];
}

function rsaBits(der: Uint8Array): number | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({
      key: Buffer.from(der),
      format: 'der',
      type: 'spki',
    });
    return asymmetricKeyType === 'rsa' ? (asymmetricKeyDetails?.modulusLength ?? 0) : undefined;
  } catch {
    return undefined;
  }
}

function number(keys: number, version: string): Problem[] {
  if (keys === 0) {
    const message =
      'There are no RecoveryKeys: when the Coordinator cannot unseal its state, which another node is enough for, nobody can recover it.';
    const remedy = 'Add at least one, and keep its private key apart from the cluster.';
    return [doubtful('recovery-impossible', ['RecoveryKeys'], message, remedy)];
  }
  if (keys === 1 || !isBefore(version, '1.9.0')) return [];
  const message = `There are ${keys} RecoveryKeys, but Coordinator ${version} takes one only.`;
  return [refused('recovery-keys-too-many', ['RecoveryKeys'], message, 'Keep one, or take v1.9.0 or later.')];
}

function threshold(keys: number, needed: bigint): Problem[] {
  const path = ['Config', 'RecoveryThreshold'];
  if (BigInt(keys) < needed) {
    const message = `A recovery needs ${needed} RecoveryKeys, but there are ${keys}.`;
    return [refused('recovery-threshold', path, message, 'Lower RecoveryThreshold, or add keys.')];
  }
  if (needed !== 1n) return [];
  const message = 'RecoveryThreshold is 1, which the Coordinator does not take.';
  return [refused('recovery-threshold', path, message, 'Take at least 2, or 0 to need all keys.')];
}
