/** One name in a tree of files: what an archive holds, without owners, times and links between files. */
export type TreeEntry = FileEntry | DirectoryEntry | SymlinkEntry;

export interface FileEntry {
  readonly kind: "file";
  /** Relative, `/`-separated, without `.` and `..` (see {@link parseTreePath}). */
  readonly path: string;
  /** Permission bits, sticky bit included; never set-user-id or set-group-id. */
  readonly mode: number;
  readonly sizeBytes: number;
  /** Opens the content: exactly `sizeBytes` bytes. An entry read from an archive opens once, before the next one. */
  readonly content: () => AsyncIterable<Uint8Array>;
}

export interface DirectoryEntry {
  readonly kind: "directory";
  readonly path: string;
  readonly mode: number;
}

export interface SymlinkEntry {
  readonly kind: "symlink";
  readonly path: string;
  /** Where the link points, as it is written in the link: it may leave the tree, so it is never followed. */
  readonly target: string;
}
