// The same by `require`.
import assay = require("assay-client");

const client: assay.AssayClient = new assay.AssayClient({ socketPath: "/run/assay/assay.sock" });

export async function outcome(event: string): Promise<assay.Outcome> {
  try {
    const decision: assay.Decision = await client.decide(event);
    return decision.outcome;
  } catch (error) {
    if (error instanceof assay.AssayError) return "review";
    throw error;
  }
}
