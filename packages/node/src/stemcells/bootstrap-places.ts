/** Where the root file system is made, below a build's directory; the first part may be memory. */
export const workPlace = "build";
export const rootPath = `${workPlace}/root`;
/** What is kept of a build. */
export const keptPlace = "kept";
export const archiveName = "stemcell.tar";
