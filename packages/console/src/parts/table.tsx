import type { ReactNode } from "react";

/** One column: what its head says, and what stands in it of a row. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly className?: "mono" | "number";
}

interface TableProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  /** What the table is called, for whoever does not see what stands around it. */
  readonly caption?: string;
  readonly isSelected?: (row: Row) => boolean;
  readonly className?: string;
}

/** Rows below the heads of their columns; on a narrow screen each row folds into a list, each cell beside its head. */
export function Table<Row>({ columns, rows, keyOf, caption, isSelected, className = "" }: TableProps<Row>) {
  return (
    <table className={`folds ${className}`}>
      {caption !== undefined && <caption className="heard">{caption}</caption>}
      <thead>
        <tr>
          {columns.map(({ head }) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} data-selected={isSelected?.(row)}>
            {columns.map(({ head, cell, className }) => (
              <td key={head} data-label={head} className={className}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
