/** What is laid out: ids, and which comes before which. */
export interface LayoutQuestion {
  readonly nodes: readonly string[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}
