// The AWS SDK for JavaScript v3 as a service uses it: one client, its connections kept alive, a
// promise for each caller.
//
//   node aws_sdk_js_peer.mjs --host 127.0.0.1 --port 8000
//   then lines on standard input: get CALLERS VALUE_BYTES OPS
import { createInterface } from "node:readline";
import { Agent } from "node:http";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { NodeHttpHandler } from "@smithy/node-http-handler";

const MOST_CALLERS = 128;
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const client = new DynamoDBClient({
  region: "us-west-2",
  endpoint: `http://${option("--host")}:${option("--port")}`,
  credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
  requestHandler: new NodeHttpHandler({
    httpAgent: new Agent({ keepAlive: true, maxSockets: MOST_CALLERS }),
  }),
});

const cpuSeconds = () => {
  const used = process.cpuUsage();
  return (used.user + used.system) / 1e6;
};

async function get(key, calls, latencies) {
  let bytes = 0;
  for (let i = 0; i < calls; i++) {
    const called = process.hrtime.bigint();
    const found = await client.send(
      new GetItemCommand({ TableName: "cache", Key: { key: { S: key } } }),
    );
    latencies.push(Number(process.hrtime.bigint() - called) / 1e3);
    bytes += found.Item.value.B.length;
  }
  return bytes;
}

async function pass(callers, valueBytes, ops) {
  const latencies = [];
  const calls = Math.floor(ops / callers);
  const [cpuBegan, began] = [cpuSeconds(), process.hrtime.bigint()];
  const got = await Promise.all(
    Array.from({ length: callers }, () => get(`bench:${valueBytes}`, calls, latencies)),
  );
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const cpu = cpuSeconds() - cpuBegan;
  const done = calls * callers;
  latencies.sort((one, other) => one - other);
  const percentile = (share) => latencies[Math.floor(share * (latencies.length - 1))];
  return {
    verb: "get", callers, value_bytes: valueBytes, ops: done, seconds,
    ops_per_second: done / seconds, cpu_ns_per_op: (cpu * 1e9) / done, allocations_per_op: null,
    p50_us: percentile(0.5), p99_us: percentile(0.99),
    checksum: got.reduce((sum, bytes) => sum + bytes, 0),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const [, callers, valueBytes, ops] = line.split(" ").map(Number);
  console.log(JSON.stringify(await pass(callers, valueBytes, ops)));
}
