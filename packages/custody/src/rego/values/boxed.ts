/** A value that JavaScript has no form of its own for; it says itself what kind it is. */
export abstract class Boxed {
  abstract readonly kind: number;
}
