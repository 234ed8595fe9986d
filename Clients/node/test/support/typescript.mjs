import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { client } from "./paths.mjs";

/** Runs Debian's compiler; what it finds is the message of the error. */
export async function tsc(...options) {
  try {
    await promisify(execFile)("tsc", options);
  } catch (error) {
    throw new Error(`tsc ${options.join(" ")}\n${error.stdout || error.message}`);
  }
}

/** Makes the client a package of a folder, as an installation would. */
export function install(folder) {
  mkdirSync(path.join(folder, "node_modules"), { recursive: true });
  symlinkSync(client, path.join(folder, "node_modules/assay-client"));
}
