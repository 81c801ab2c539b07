import { utf8 } from "custody/ground";

import { tarFault } from "./faults.ts";
import { isPlainText } from "./path.ts";

const maxTargetBytes = 4096;

/** @throws CustodyError `tar/link` for a target that is empty, longer than 4096 bytes or has control characters. */
export function checkLinkTarget(path: string, target: string): void {
  if (target === "" || !isPlainText(target) || utf8(target).length > maxTargetBytes) {
    throw tarFault(
      "tar/link",
      `the symbolic link "${path}" has a target that is empty, too long or not plain text`,
      {
        subject: path,
      },
    );
  }
}
