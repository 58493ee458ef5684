// Times calls of `words` with the TypeScript SDK: `latency.mjs NODE_MODULES WARM IN_TURN AT_ONCE WIDTH stdio COMMAND ARGS..`, or
// `.. http URL`, or `.. ws URL`. It writes what it saw as one JSON object.
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";

const [modules, ...rest] = process.argv.slice(2);
const [warm, inTurn, atOnce, width] = rest.slice(0, 4).map(Number);
const [how, ...target] = rest.slice(4);
const sdk = (file) => import(pathToFileURL(`${modules}/@modelcontextprotocol/sdk/dist/esm/client/${file}.js`).href);

async function transport() {
  if (how === "http") {
    const { StreamableHTTPClientTransport } = await sdk("streamableHttp");
    return new StreamableHTTPClientTransport(new URL(target[0]));
  }
  if (how === "ws") {
    const { WebSocketClientTransport } = await sdk("websocket");
    return new WebSocketClientTransport(new URL(target[0]));
  }
  const { StdioClientTransport } = await sdk("stdio");
  return new StdioClientTransport({ command: target[0], args: target.slice(1) });
}

const { Client } = await sdk("index");
const client = new Client({ name: "latency", version: "1.0.0" });
await client.connect(await transport());
const call = () => client.callTool({ name: "words", arguments: { text: "one two three" } });

for (let i = 0; i < warm; i += 1) await call();
const took = [];
for (let i = 0; i < inTurn; i += 1) {
  const started = performance.now();
  await call();
  took.push((performance.now() - started) * 1000);
}
took.sort((a, b) => a - b);

async function lane() {
  for (let i = 0; i < Math.floor(atOnce / width); i += 1) await call();
}
const started = performance.now();
await Promise.all(Array.from({ length: width }, lane));
const perSecond = (atOnce * 1000) / (performance.now() - started);
console.log(
  JSON.stringify({ p50: took[Math.floor(inTurn / 2)], p99: took[Math.floor((inTurn * 99) / 100)], per_second: perSecond }),
);
await client.close();
