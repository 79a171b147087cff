// Sends requests to the webhook the way Retell does: signed by its official SDK.
//
// Reads lines of JSON from standard input, {"url", "key"?, "body"}, and answers each with a line
// {"status", "body", "ms"}. Without a key the request is not signed.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

// The SDK is installed beside the build, not beside this file.
const require = createRequire(`${process.argv[2]}/`);
const { sign } = require("retell-sdk");

for await (const line of createInterface({ input: process.stdin })) {
  const { url, key, body } = JSON.parse(line);
  const headers = { "content-type": "application/json" };
  if (key) headers["x-retell-signature"] = await sign(body, key);
  const start = performance.now();
  const response = await fetch(url, { method: "POST", headers, body });
  const answer = { status: response.status, body: await response.text(), ms: performance.now() - start };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
