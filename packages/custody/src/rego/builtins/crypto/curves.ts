/** A curve of ECDSA: its name as JOSE and FIPS 186 have it. */
export interface Curve {
  readonly name: string;
  readonly oid: string;
  readonly sizeBytes: number;
}

const curves: readonly Curve[] = [
  { name: "P-224", oid: "1.3.132.0.33", sizeBytes: 28 },
  { name: "P-256", oid: "1.2.840.10045.3.1.7", sizeBytes: 32 },
  { name: "P-384", oid: "1.3.132.0.34", sizeBytes: 48 },
  { name: "P-521", oid: "1.3.132.0.35", sizeBytes: 66 },
];

export function findCurve(oid: string): Curve | undefined {
  return curves.find((curve) => curve.oid === oid);
}
