// The TypeScript SDK's client, driven over lines of JSON: `node typescript_client.mjs URL MODE`.
// In come {id, tool, arguments}, {id, list: true} and {cancel: id}; out go {id, result} or {id,
// error}. Where it needs a person, {open: URL} goes out, and {opened: URL} comes in: the address
// that the browser ended at.
import { createInterface } from "node:readline";
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";

const REDIRECT = "http://127.0.0.1:33419/callback";
const [mcp, mode] = process.argv.slice(2);
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

class Provider {
  redirectUrl = REDIRECT;
  clientMetadata = {
    client_name: `TypeScript ${mode}`,
    redirect_uris: [REDIRECT],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  };
  kept = {};
  clientInformation = () => this.kept.client;
  saveClientInformation = (client) => void (this.kept.client = client);
  tokens = () => this.kept.tokens;
  saveTokens = (tokens) => void (this.kept.tokens = tokens);
  codeVerifier = () => this.kept.verifier;
  saveCodeVerifier = (verifier) => void (this.kept.verifier = verifier);
  discoveryState = () => this.kept.discovered;
  saveDiscoveryState = (discovered) => void (this.kept.discovered = discovered);
  redirectToAuthorization(url) {
    this.answered = new Promise((resolve) => (this.opened = resolve));
    say({ open: url.href });
  }
}

const provider = new Provider();
let transport;
let client;

function newTransport() {
  transport = new StreamableHTTPClientTransport(new URL(mcp), { authProvider: provider });
  return transport;
}

// An SDK client leaves it to its host to send the person to the browser and to try again.
async function allowed(attempt) {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof UnauthorizedError) || !provider.answered) throw error;
    const address = new URL(await provider.answered);
    await transport.finishAuth(address.searchParams);
    return await attempt();
  }
}

function connected() {
  return allowed(async () => {
    const options = { versionNegotiation: { mode } };
    client = new Client({ name: `typescript-${mode}`, version: "1.0.0" }, options);
    await client.connect(newTransport());
  });
}

const running = new Map();

async function answer({ id, tool, arguments: given, list }) {
  const stop = new AbortController();
  running.set(id, stop);
  try {
    const ask = list
      ? () => client.listTools()
      : () => client.callTool({ name: tool, arguments: given }, { signal: stop.signal });
    say({ id, result: await allowed(ask) });
  } catch (error) {
    say({ id, error: `${error.name}: ${error.message}` });
  } finally {
    running.delete(id);
  }
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const message = JSON.parse(line);
  if (message.opened) provider.opened(message.opened);
  else if (message.cancel !== undefined) running.get(message.cancel)?.abort();
  else void ready.then(() => answer(message));
});
lines.on("close", () => process.exit(0));

const ready = connected();
ready.then(
  () => say({ connected: client.getNegotiatedProtocolVersion?.() ?? transport.protocolVersion ?? "" }),
  (error) => say({ failed: `${error.name}: ${error.message}` }),
);
