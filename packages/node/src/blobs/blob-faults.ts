import { fileFault } from "@custody/node/files";
import { CustodyError } from "custody/ground";
import { blobFault } from "custody/oci";

/** Runs file work; what the file system refuses comes as `blobs/disk-full` or `blobs/unavailable`. */
export async function withBlobFaults<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof CustodyError ? cause : blobFaultOf(cause, path);
  }
}

function blobFaultOf(cause: unknown, path: string): Error {
  const { code, message, next } = fileFault(cause, path);
  const isFull = code === "files/disk-full";
  const options = { subject: path, cause, ...(next === undefined ? {} : { next }) };
  return blobFault(isFull ? "blobs/disk-full" : "blobs/unavailable", message, options);
}
