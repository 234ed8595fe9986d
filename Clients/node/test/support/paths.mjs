import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

/** The client's folder and the project's. */
export const client = path.resolve(fileURLToPath(import.meta.url), "../../..");
export const project = path.resolve(client, "../..");

/** The command that was built; `ASSAY` names another. */
export const assay = process.env.ASSAY ?? path.join(project, ".build/release/assay");
accessSync(assay, constants.X_OK);

/** The rules that the tests decide by. */
export const rules = path.join(project, "Rules/rewards");

/** The events of rewards, each as its line. */
export const events = gunzipSync(readFileSync(path.join(project, "Fixtures/rewards/events.ndjson.gz")))
  .toString("utf8")
  .trimEnd()
  .split("\n");

/** A folder that goes when the test is over; short, since a socket's path has at most 107 bytes. */
export function temporaryFolder(test) {
  const folder = mkdtempSync(path.join(tmpdir(), "assay-"));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
