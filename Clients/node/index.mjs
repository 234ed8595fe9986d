import client from "./index.js";

export const { AssayClient, AssayError, AssayProblem, AssayTimeout, AssayUnavailable, eventJSON } = client;
