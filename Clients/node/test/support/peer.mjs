import net from "node:net";
import path from "node:path";
import { temporaryFolder } from "./paths.mjs";

/**
 * A peer at a Unix socket that does as a test says: `answer(request, socket, number)` for each request, in the order of
 * their coming. A request is its headers and body as text.
 */
export async function peer(test, answer) {
  const socketPath = path.join(temporaryFolder(test), "p");
  const seen = { socketPath, connections: 0, requests: [] };
  const sockets = new Set();
  const server = net.createServer((socket) => {
    seen.connections += 1;
    sockets.add(socket);
    let text = "";
    let isStream = false;
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (bytes) => {
      // What follows the headers of a stream is its body.
      if (isStream) return;
      text += bytes;
      for (let end = wholeRequest(text); end > 0; end = wholeRequest(text)) {
        seen.requests.push(text.slice(0, end));
        text = text.slice(end);
        isStream = seen.requests.at(-1).toLowerCase().includes("transfer-encoding: chunked");
        if (isStream) text = "";
        answer(seen.requests.at(-1), socket, seen.requests.length);
      }
    });
  });
  await new Promise((resolve) => server.listen(socketPath, resolve));
  test.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return seen;
}

/** Where the first request ends; 0 when it is not all there. A stream's request is taken when its headers are. */
function wholeRequest(text) {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return 0;
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
  return text.length >= head + 4 + length ? head + 4 + length : 0;
}

/** An answer in HTTP. */
export function http(status, body, headers = "", type = "application/json") {
  const length = `content-length: ${Buffer.byteLength(body)}`;
  return `HTTP/1.1 ${status} X\r\ncontent-type: ${type}\r\n${length}\r\n${headers}\r\n${body}`;
}

/** The decision that peers give. */
export const allow = http(200, '{"event":"e","outcome":"allow","score":0}\n');

/** A part of a stream's answer. */
export function chunk(text) {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}
