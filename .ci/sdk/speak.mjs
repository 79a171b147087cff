// The official SDK speaks with the stand-in for Retell: what it lists, changes and is refused must be
// what it expects. Says in one line what was right; ends with an error where something is not.
//
// Usage: speak.mjs FOLDER_OF_THE_SDK ADDRESS KEY

import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { createRequire } from "node:module";

// Node.js 18 has it, but not where the SDK looks.
globalThis.crypto ??= webcrypto;
const [folder, baseURL, apiKey] = process.argv.slice(2);
const { Retell } = createRequire(`${folder}/`)("retell-sdk");
const retell = new Retell({ apiKey, baseURL, maxRetries: 0 });

/** All entries of a list, page by page. */
async function all(list) {
  const items = [];
  for (let key; ; ) {
    const page = await list({ limit: 50, ...(key && { pagination_key: key }) });
    items.push(...page.items);
    if (!page.has_more) return items;
    key = page.pagination_key;
  }
}

const agents = await all((query) => retell.agent.list(query));
assert.deepEqual(agents.map((agent) => agent.agent_name), ["Reception", "Night", "Sales"]);
assert.equal(agents[0].tags.prod.version, 3);

const numbers = await all((query) => retell.phoneNumber.list(query));
const [main] = numbers;
assert.equal(main.inbound_webhook_url, "https://old.example/hook");
assert.equal(main.inbound_agents[0].agent_id, "agent_1");

const url = "https://calls.example.com/webhook/inbound";
const connected = await retell.phoneNumber.update(main.phone_number, { inbound_webhook_url: url });
assert.equal(connected.inbound_webhook_url, url);
assert.deepEqual(connected.inbound_agents, main.inbound_agents, "what is not named stays");
for (const agents of [[], null, main.inbound_agents]) {
  const changed = await retell.phoneNumber.update(main.phone_number, { inbound_agents: agents });
  assert.deepEqual(changed.inbound_agents, agents);
}

const refused = (status) => (error) => error instanceof Retell.APIError && error.status === status;
await assert.rejects(retell.phoneNumber.update("+19995550100", { nickname: "x" }), refused(404));
await assert.rejects(retell.phoneNumber.update(main.phone_number, { inbound_webhook_url: "x" }), refused(422));
await assert.rejects(new Retell({ apiKey: "key_other", baseURL, maxRetries: 0 }).agent.list(), refused(401));
console.log(`the official SDK agrees: ${agents.length} agents, ${numbers.length} numbers, changes and refusals`);
