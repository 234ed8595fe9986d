"use strict";

// One implementation for `require` and `import`, so that `instanceof` holds whichever way a module came.
const { AssayClient } = require("./lib/client.js");
const { AssayError, AssayProblem, AssayTimeout, AssayUnavailable } = require("./lib/errors.js");
const { eventJSON } = require("./lib/event.js");

module.exports = { AssayClient, AssayError, AssayProblem, AssayTimeout, AssayUnavailable, eventJSON };
