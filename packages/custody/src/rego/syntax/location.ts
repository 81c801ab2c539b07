/** Where something stands in a module's text. Rows and columns count from 1; columns and offsets in UTF-16 units. */
export interface Location {
  readonly file: string;
  readonly row: number;
  readonly col: number;
  /** Where it begins in the text. */
  readonly offset: number;
  /** Where it ends in the text, exclusively. */
  readonly end: number;
}

export const nowhere: Location = { file: "", row: 0, col: 0, offset: 0, end: 0 };
