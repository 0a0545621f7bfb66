// A bench in another language: PSP/1 as reference/sync.md section 1.1 and psp.py tell it, from
// nothing but Node's own library. Nothing of packstation is called: it is the twin of its code.
//
//   node reference_client.mjs shapes  < {"stamps": [...], "records": [...]}
//   node reference_client.mjs talk URL < {"token": ..., "name": ..., "facts": [...]}
//
// A company's own CA is trusted by NODE_EXTRA_CA_CERTS=FILE.
import crypto from "node:crypto";
import { readFileSync } from "node:fs";

const GENESIS = "0".repeat(64);
const sha256 = (bytes, form) => crypto.createHash("sha256").update(bytes).digest(form);

// RFC 8785: JSON as ECMAScript writes it, keys in the order of their UTF-16 units.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

// An event as it is hashed: every member, absent ones null, the fence 0.
const whole = (event) => ({ parcel: null, order: null, claim: null, fence: 0, ...event });

function recordHash(station, epoch, seq, event) {
  return sha256(canonical({ station, epoch, seq, event: whole(event) }), "hex");
}

// What Ed25519 signs, in the spirit of RFC 9421 section 2.5.
function signingBase(method, target, body, stamp) {
  const at = target.indexOf("?");
  const [path, query] = at < 0 ? [target, ""] : [target.slice(0, at), target.slice(at)];
  return [
    `"@method": ${method.toUpperCase()}`,
    `"@path": ${path}`,
    `"@query": ${query}`,
    `"content-digest": sha-256=:${sha256(body, "base64")}:`,
    `"ps-date": ${stamp.date}`,
    `"ps-station": ${stamp.station}`,
    `"ps-epoch": ${stamp.epoch}`,
    `"ps-gen": ${stamp.gen}`,
  ].join("\n");
}

class Bench {
  events = [];
  hashes = [];
  ahead = 0; // how far the server's clock is before ours, ms

  constructor(url) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync("ed25519");
    const raw = publicKey.export({ format: "jwk" }).x;
    Object.assign(this, { url, privateKey, station: crypto.randomUUID(), gen: 0 });
    this.epoch = crypto.randomUUID();
    this.pubkey = Buffer.from(raw, "base64url").toString("base64");
  }

  async send(method, target, message) {
    const body = message === undefined ? "" : JSON.stringify(message);
    const date = new Date(Date.now() + this.ahead).toISOString();
    const stamp = { station: this.station, epoch: this.epoch, gen: this.gen, date };
    const base = Buffer.from(signingBase(method, target, body, stamp));
    const headers = {
      "PS-Station": stamp.station,
      "PS-Epoch": stamp.epoch,
      "PS-Gen": String(stamp.gen),
      "PS-Date": stamp.date,
      "PS-Sig": crypto.sign(null, base, this.privateKey).toString("base64"),
      "Content-Type": "application/json",
    };
    const answer = await fetch(this.url + target, { method, headers, body: body || undefined });
    return { status: answer.status, ...(await answer.json()) };
  }

  async join(token, name) {
    const hello = await (await fetch(`${this.url}/v1/hello`)).json();
    this.ahead = Date.parse(hello.now) - Date.now();
    const asked = { token, station_id: this.station, pubkey: this.pubkey, name, app: "twin" };
    const answer = await this.send("POST", "/v1/enrol", asked);
    this.gen = answer.gen;
    return { ...answer, pubkey: this.pubkey, station: this.station, epoch: this.epoch };
  }

  note(fact) {
    const seq = this.events.length + 1;
    const prev = this.hashes.at(-1) ?? GENESIS;
    const event = { id: `n-${seq}`, session: "s-1", actor: "b-1", mono_ns: String(seq), ...fact };
    event.at ??= new Date(Date.now() + this.ahead).toISOString();
    this.events.push({ ...event, prev });
    this.hashes.push(recordHash(this.station, this.epoch, seq, this.events.at(-1)));
  }

  push(from, to = this.events.length, events = this.events) {
    const sent_at = new Date(Date.now() + this.ahead).toISOString();
    const batch = events.slice(from - 1, to);
    const head = this.events.length;
    return this.send("POST", "/v1/journal", { from, sent_at, mono_ns: "0", head, events: batch });
  }
}

async function talk(url, { token, name, facts }) {
  const bench = new Bench(url);
  const told = { enrol: await bench.join(token, name) };
  facts.forEach((fact) => bench.note(fact));
  told.gap = await bench.push(3); // 1 and 2 were never sent
  told.push = await bench.push(1, 4);
  told.again = await bench.push(1); // what is there already changes nothing
  const other = bench.events.map((event, i) => (i === 1 ? { ...event, id: "another" } : event));
  told.fork = await bench.push(1, 2, other);
  told.changes = await bench.send("GET", "/v1/changes?cursor=&limit=10&wait=0");
  told.hashes = bench.hashes;
  return told;
}

function shapes({ stamps, records }) {
  return {
    bases: stamps.map((one) => signingBase(one.method, one.target, one.body, one.stamp)),
    hashes: records.map((one) => recordHash(one.station, one.epoch, one.seq, one.event)),
  };
}

const [mode, url] = process.argv.slice(2);
const asked = JSON.parse(readFileSync(0, "utf8"));
const told = mode === "talk" ? await talk(url, asked) : shapes(asked);
process.stdout.write(JSON.stringify(told));
