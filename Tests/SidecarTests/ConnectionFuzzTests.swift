import Foundation
import RedisTestSupport
import SidecarFuzz
import TestSupport
import Testing

/// Connections in whatever pieces their bytes come, and whenever the store answers.
@Suite struct ConnectionFuzzTests {
  private static let folder = SharedData.projectRoot.appending(path: "Fixtures/fuzz").path

  /// What a fuzzer began with, and what it found that goes another way through the code.
  @Test func theCorpusPasses() throws {
    let fuzz = try ConnectionFuzz()
    let found = FileManager.default.temporaryDirectory.appending(path: "assay-found-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: found, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: found) }
    let unpacked = try ChildProcess.output(
      of: ["tar", "-xzf", "\(Self.folder)/connections-found.tar.gz", "-C", found], folder: "/")
    #expect(unpacked.status == 0, "\(unpacked.text)")
    var count = 0
    for folder in ["\(Self.folder)/connections", found] {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
        let complaint = fuzz.complaint(about: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
        #expect(complaint == nil, "\(name)")
        count += 1
      }
    }
    #expect(count > 500)
  }

  private static func event(_ id: String) -> String {
    #"{"id":"\#(id)","type":"payout","time":"2026-01-05T12:00:00Z","user":"u"}"#
  }

  /// What else clients send: bare events, streams of them, and requests behind each other.
  private static let others: [(name: String, text: String)] = {
    let lines = ["a", "b", "a", "c"].map(event).joined(separator: "\n")
    let chunks = [lines.prefix(100), lines.dropFirst(100), "\n"].map { chunk in
      "\(String(chunk.utf8.count, radix: 16))\r\n\(chunk)\r\n"
    }
    let stream =
      "POST /v1/decisions HTTP/1.1\r\nhost: s\r\ncontent-type: application/x-ndjson\r\n"
      + "transfer-encoding: chunked\r\n\r\n" + chunks.joined() + "0\r\n\r\n"
    let head = "HEAD /version HTTP/1.1\r\nhost: s\r\n\r\n"
    let events = ["d", "e", "f", "g", "h", "i"].map { SidecarBench.request(event($0)) }
    return [
      ("bare events", lines + "\n"), ("a last line without an end", "{}\n \r\n" + lines),
      ("a stream", stream), ("a stream between requests", events[0] + stream + head + events[1]),
      ("many requests", events.joined() + head), ("a stream that ends early", String(stream.dropLast(12))),
      (
        "a request that is the last",
        events[0] + SidecarBench.request(event("j"), headers: "connection: close\r\n")
      ),
      (
        "headers of all kinds",
        SidecarBench.request(
          event("k"),
          headers: "expect: 100-continue\r\nidempotency-key: k\r\ndeadline-ms: 3600000\r\n"
            + "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n")
      ),
    ]
  }()

  /// The requests of RFC 9112 and the others, by the names of their files.
  private static let seeds = (RequestTests.cases.map { ($0.name, $0.request) } + others).map { name, text in
    (name: name.replacing(" ", with: "-").replacing(/[.']/, with: ""), text: text)
  }

  /// Each input has another before and behind it, and comes in pieces drawn at random.
  @Test func allComesInPieces() throws {
    let fuzz = try ConnectionFuzz()
    let seed = UInt64.random(in: 0...UInt64.max)
    print("connections in pieces from seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let before = SidecarBench.request(Self.event("before"))
    for (name, text) in Self.seeds {
      for text in [text, before + text, before + text + "GET /livez HTTP/1.1\r\nhost: s\r\n\r\n"] {
        for _ in 0..<10 {
          let steps = (0..<UInt8.random(in: 0...40, using: &generator)).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
          }
          let header = UInt8(steps.count) << 2 | UInt8.random(in: 0...3, using: &generator)
          let complaint = fuzz.complaint(about: [header] + steps + Array(text.utf8))
          #expect(complaint == nil, "\(name), \(header), \(steps)")
        }
      }
    }
  }

  /// `ASSAY_RECORD=1` writes what a fuzzer begins with.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["ASSAY_RECORD"] != nil))
  func recordSeeds() throws {
    let folder = "\(Self.folder)/connections"
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in Self.seeds where text.utf8.count < 4_000 {
      try Data([0] + Array(text.utf8)).write(to: URL(filePath: "\(folder)/\(name)"))
    }
  }
}
