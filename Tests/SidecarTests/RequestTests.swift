import Foundation
import Sidecar
import Testing

/// Requests as RFC 9112 forbids or allows them, and what comes of each.
@Suite struct RequestTests {
  private static let event = #"{"id":"a"}"#
  private static let wrong = "POST /v1/decisions HTTP/1.1\r\nhost: s\r\n"

  static let cases: [(name: String, request: String, statuses: Set<Int>)] = [
    ("an event without its fields", SidecarBench.request(event), [422]),
    ("no method", "/livez HTTP/1.1\r\nhost: s\r\n\r\n", [400, 501]),
    ("an unknown method", "BREW /livez HTTP/1.1\r\nhost: s\r\n\r\n", [400, 501]),
    ("a method in lower case", "get /livez HTTP/1.1\r\nhost: s\r\n\r\n", [400, 501]),
    ("no version", "GET /livez\r\nhost: s\r\n\r\n", [400, 505]),
    ("version 9.9", "GET /livez HTTP/9.9\r\nhost: s\r\n\r\n", [400, 505]),
    ("version in lower case", "GET /livez http/1.1\r\nhost: s\r\n\r\n", [400, 505]),
    ("two spaces", "GET  /livez HTTP/1.1\r\nhost: s\r\n\r\n", [200, 400]),
    ("a tab for a space", "GET\t/livez HTTP/1.1\r\nhost: s\r\n\r\n", [400, 501]),
    ("a NUL in the target", "GET /li\u{0}vez HTTP/1.1\r\nhost: s\r\n\r\n", [400]),
    ("no host", "GET /livez HTTP/1.1\r\n\r\n", [400]),
    ("two hosts", "GET /livez HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", [400]),
    ("a space before the colon", "GET /livez HTTP/1.1\r\nhost : s\r\n\r\n", [400]),
    ("a header without a name", "GET /livez HTTP/1.1\r\nhost: s\r\n: x\r\n\r\n", [400]),
    ("a header without a colon", "GET /livez HTTP/1.1\r\nhost: s\r\nnothing\r\n\r\n", [400]),
    ("a folded header", "GET /livez HTTP/1.1\r\nhost: s\r\nx: a\r\n b\r\n\r\n", [400]),
    ("a NUL in a header", "GET /livez HTTP/1.1\r\nhost: s\r\nx: \u{0}\r\n\r\n", [400]),
    ("a bare CR in a header", "GET /livez HTTP/1.1\r\nhost: s\r\nx: a\rb\r\n\r\n", [400]),
    ("both lengths", wrong + "content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", [400]),
    ("two lengths", wrong + "content-length: 4\r\ncontent-length: 5\r\n\r\nabcde", [400]),
    ("a list of lengths", wrong + "content-length: 4, 4\r\n\r\nabcd", [400]),
    ("a negative length", wrong + "content-length: -4\r\n\r\n", [400]),
    ("a length with a sign", wrong + "content-length: +4\r\n\r\nabcd", [400]),
    ("a length in hex", wrong + "content-length: 0x4\r\n\r\nabcd", [400]),
    ("a length beyond 64 bits", wrong + "content-length: 99999999999999999999\r\n\r\n", [400, 413]),
    ("a length beyond an event's", wrong + "content-length: 99999999\r\n\r\n", [413]),
    ("chunked not last", wrong + "transfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n", [400, 501]),
    ("an unknown coding", wrong + "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n", [400, 501]),
    ("chunked twice", wrong + "transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n", [400, 422]),
    ("a chunk size that is none", wrong + "transfer-encoding: chunked\r\n\r\nz\r\n\r\n", [400]),
    ("a chunk size beyond 64 bits", wrong + "transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n", [400]),
    ("a chunk longer than said", wrong + "transfer-encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n", [400]),
    ("a negative chunk", wrong + "transfer-encoding: chunked\r\n\r\n-2\r\nab\r\n0\r\n\r\n", [400]),
    (
      "many headers",
      "GET /livez HTTP/1.1\r\nhost: s\r\n"
        + (0..<400).map { "x\($0): y\r\n" }.joined() + "\r\n", [400, 431]
    ),
    (
      "a long header",
      "GET /livez HTTP/1.1\r\nhost: s\r\nx: \(String(repeating: "y", count: 40_000))\r\n\r\n", [431]
    ),
    (
      "a long target", "GET /\(String(repeating: "y", count: 90_000)) HTTP/1.1\r\nhost: s\r\n\r\n",
      [404, 414, 431]
    ),
    ("no such page", "GET /nothing HTTP/1.1\r\nhost: s\r\n\r\n", [404]),
    ("another method", "DELETE /v1/decisions HTTP/1.1\r\nhost: s\r\n\r\n", [405]),
    ("another type", wrong + "content-type: text/plain\r\ncontent-length: 2\r\n\r\n{}", [415]),
    ("a deadline that is none", wrong + "deadline-ms: soon\r\ncontent-length: 2\r\n\r\n{}", [400]),
    ("an empty body", wrong + "content-length: 0\r\n\r\n", [400]),
    ("all is well", "GET /livez HTTP/1.1\r\nhost: s\r\n\r\n", [200]),
    ("version 1.0", "GET /livez HTTP/1.0\r\n\r\n", [200]),
    ("empty lines before", "\r\n\r\nGET /livez HTTP/1.1\r\nhost: s\r\n\r\n", [200]),
  ]

  /// Each has its status and a problem as its body; a client beside it is answered all the while.
  @Test func eachHasItsStatus() async throws {
    let bench = try await SidecarBench()
    let other = try bench.connect()
    for (name, request, statuses) in Self.cases {
      let connection = try bench.connect()
      connection.send(request)
      connection.end()
      let answer = connection.response()
      #expect(statuses.contains(answer?.status ?? 0), "\(name): \(answer?.head ?? "nothing")")
      if let answer, answer.status >= 400 {
        #expect(answer.header("content-type") == "application/problem+json", "\(name)")
        #expect(answer.text.contains(#""status":\#(answer.status)"#), "\(name): \(answer.text)")
      }
      other.send("GET /livez HTTP/1.1\r\nhost: s\r\n\r\n")
      #expect(other.response()?.status == 200, "\(name)")
    }
    await bench.server.stop()
  }

  /// What follows a request that cannot be read is no request.
  @Test func nothingIsSmuggled() async throws {
    let bench = try await SidecarBench()
    let connection = try bench.connect()
    connection.send(
      Self.wrong
        + "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nhost: s\r\n\r\n"
    )
    let all = String(decoding: connection.readAll(), as: UTF8.self)
    #expect(all.hasPrefix("HTTP/1.1 400"))
    #expect(all.components(separatedBy: "HTTP/1.1 ").count == 2, "\(all)")
    await bench.server.stop()
  }

  /// A client may wait for leave to send its events: the leave comes before the answers, and spoils none.
  @Test func leaveIsGivenBeforeTheAnswer() async throws {
    let bench = try await SidecarBench()
    let event = try #require(try DecisionTests.events(1).first)
    for type in ["application/json", "application/x-ndjson"] {
      let connection = try bench.connect()
      connection.send(
        "POST /v1/decisions HTTP/1.1\r\nhost: s\r\nexpect: 100-continue\r\ncontent-type: \(type)\r\n"
          + "content-length: \(event.utf8.count)\r\n\r\n")
      let leave = try #require(connection.read(through: "\r\n\r\n"))
      #expect(String(decoding: leave, as: UTF8.self).hasPrefix("HTTP/1.1 100 "))
      connection.send(event)
      let answer = try #require(connection.response())
      #expect(answer.status == 200 && answer.text.hasPrefix(#"{"event":""#), "\(answer)")
    }
    await bench.server.stop()
  }

  /// Between requests a connection has the time of idle ones, also after a body that came in pieces.
  @Test func whoIsDoneMayBeSilent() async throws {
    let bench = try await SidecarBench { $0.limits.headerMilliseconds = 200 }
    let event = try #require(try DecisionTests.events(1).first)
    let connection = try bench.connect()
    let request = SidecarBench.request(event)
    for _ in 0..<2 {
      let half = request.utf8.count - 20
      connection.send(Array(request.utf8.prefix(half)))
      try await Task.sleep(for: .milliseconds(30))
      connection.send(Array(request.utf8.dropFirst(half)))
      #expect(connection.response()?.status == 200)
      // The clock is looked at once a second.
      try await Task.sleep(for: .milliseconds(2_200))
    }
    await bench.server.stop()
  }

  /// In the middle of a stream nothing can be answered but the stream: it is cut off.
  @Test func aBrokenStreamIsCutOff() async throws {
    let bench = try await SidecarBench()
    let event = try #require(try DecisionTests.events(1).first)
    let connection = try bench.connect()
    connection.send(
      Self.wrong + "content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n"
        + "\(String(event.utf8.count + 1, radix: 16))\r\n\(event)\n\r\nnonsense\r\n")
    let all = String(decoding: connection.readAll(), as: UTF8.self)
    #expect(all.components(separatedBy: "HTTP/1.1 ").count == 2, "\(all)")
    #expect(!all.hasSuffix("0\r\n\r\n"), "\(all)")
    await bench.server.stop()
  }

  @Test func headersThatNeverEndAreGivenUp() async throws {
    let bench = try await SidecarBench {
      $0.limits.headerMilliseconds = 300
      $0.limits.bodyMilliseconds = 300
    }
    let slow = try bench.connect()
    slow.send("GET /livez HTTP/1.1\r\nx: ")
    let sender = Thread { for _ in 0..<100 where slow.send("y") { Thread.sleep(forTimeInterval: 0.05) } }
    sender.start()
    #expect(slow.response()?.status == 408)
    let silent = try bench.connect()
    silent.send(Self.wrong + "content-length: 10\r\n\r\n{")
    #expect(silent.response()?.status == 408)
    await bench.server.stop()
  }
}
