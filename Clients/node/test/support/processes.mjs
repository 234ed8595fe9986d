import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something holds, ten seconds at the most. */
export async function until(holds, tell = () => "it never did") {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 1_000) throw new Error(tell());
    await sleep(10);
  }
}

/** The exit code of a process when it is gone; sends it a signal first where one is named. */
export async function gone(child, signal = undefined) {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const end = new Promise((resolve) => child.once("exit", resolve));
  if (signal !== undefined) child.kill(signal);
  return end;
}
