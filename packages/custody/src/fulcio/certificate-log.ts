import type { AppendPort, CertificateWitness } from "custody/authority";
import type { Bytes, Clock, Crypto, PublicKey, Signer } from "custody/ground";
import { concatBytes } from "custody/ground";

/** What a certificate log acts through. */
export interface CertificateLogPorts {
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly log: AppendPort;
  /** ECDSA P-256 (RFC 6962 §2.1.4): of the log's promises and of its checkpoints. */
  readonly signer: Signer;
}

/** HashAlgorithm and SignatureAlgorithm of RFC 5246 §7.4.1.4.1. */
const tlsSha256 = 4;
const tlsEcdsa = 3;
const precertEntry = 1;

/** A certificate log's id: SHA-256 of its key (RFC 6962 §3.2). */
export function certificateLogId(crypto: Pick<Crypto, "sha256">, key: PublicKey): Bytes {
  return crypto.sha256(key.spki);
}

/**
 * A certificate transparency log whose promises are kept when they are given: what it signs is in the tree before the
 * certificate exists. Leaves are those of RFC 6962 §3.4; the tree is published as C2SP tiles, with the leaves as entries.
 */
export class CertificateLog implements CertificateWitness {
  readonly #ports: CertificateLogPorts;

  constructor(ports: CertificateLogPorts) {
    this.#ports = ports;
  }

  /** @throws what the log and the signer throw: then nothing was promised, though the entry may come to be in the log. */
  async promise({ tbs, issuerKey }: { readonly tbs: Bytes; readonly issuerKey: PublicKey }): Promise<Bytes> {
    const { crypto, clock, log, signer } = this.#ports;
    const time = uint(clock.now(), 8);
    // The MerkleTreeLeaf and what a promise signs begin with two zeros each: version and kind (§3.2, §3.4).
    const leaf = concatBytes(
      new Uint8Array([0, 0]),
      time,
      uint(precertEntry, 2),
      crypto.sha256(issuerKey.spki),
      uint(tbs.length, 3),
      tbs,
      uint(0, 2),
    );
    await log.append(leaf);
    const signature = await signer.sign(leaf);
    const logId = certificateLogId(crypto, signer.publicKey);
    return listOf(concatBytes(new Uint8Array([0]), logId, time, uint(0, 2), digitallySigned(signature)));
  }
}

function digitallySigned(signature: Bytes): Bytes {
  return concatBytes(new Uint8Array([tlsSha256, tlsEcdsa]), vector(signature));
}

// SignedCertificateTimestampList (RFC 6962 §3.3): a vector of vectors.
function listOf(timestamp: Bytes): Bytes {
  return vector(vector(timestamp));
}

function vector(bytes: Bytes): Bytes {
  return concatBytes(uint(bytes.length, 2), bytes);
}

function uint(value: number, bytes: number): Bytes {
  const full = new Uint8Array(8);
  new DataView(full.buffer).setBigUint64(0, BigInt(value));
  return full.slice(8 - bytes);
}
