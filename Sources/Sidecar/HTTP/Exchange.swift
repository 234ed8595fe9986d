internal import Ingest
internal import NIOCore
internal import NIOHTTP1

/// One request and its answer. Answers go out in the order of their requests: what is ready earlier waits here.
final class Exchange {
  let head: HTTPRequestHead
  let start = NIODeadline.now()
  /// After this one the connection ends.
  var isLast: Bool
  /// What is to be sent when all earlier exchanges are done.
  var parts: [HTTPServerResponsePart] = []
  /// It was held behind others of its connection.
  var hasWaited = false
  /// Something of the answer was sent.
  var isBegun = false
  /// When the answer must be there, where the request says so.
  var deadline: NIODeadline?
  /// Answers when the request's own deadline passes first.
  var alarm: Scheduled<Void>?
  /// All parts are there.
  var isFinished = false
  /// Whose message the body or the query is, where it is no event yet.
  var source: IngestSource?
  /// What the sender of such a message wants to hear in place of the decision.
  var acknowledgement: String?
  /// What the request's body becomes.
  var body = Body.unwanted

  enum Body {
    /// Read and dropped.
    case unwanted
    /// One event, collected.
    case event(ByteBuffer)
    /// Events, answered as they come.
    case stream(EventStream)
  }

  init(_ head: HTTPRequestHead) {
    self.head = head
    isLast = !head.isKeepAlive
  }

  /// The path without its query.
  var path: Substring { head.uri.prefix { $0 != "?" } }

  /// The trace that the request is a part of; nil where it names none.
  var trace: TraceContext? { TraceContext(traceparent: head.headers.first(name: "traceparent")) }

  /// The request gave its own bound on the time that the answer may take.
  ///
  /// Milliseconds in `deadline-ms`, or `grpc-timeout` with its unit.
  func requestedDeadline() throws(Problem) -> NIODeadline? {
    let amount: TimeAmount?
    if let text = head.headers.first(name: "deadline-ms") {
      amount = Int64(text).flatMap { $0 > 0 && $0 < 3_600_000 ? .milliseconds($0) : nil }
    } else if let text = head.headers.first(name: "grpc-timeout") {
      amount = Self.amount(text).map { min($0, .hours(1)) }
    } else {
      return nil
    }
    guard let amount else {
      throw Problem(
        400, "bad-deadline", "the request's deadline is no time",
        hint: "say milliseconds in `deadline-ms`, or as gRPC does: `grpc-timeout: 50m`")
    }
    return start + amount
  }

  private static func amount(_ text: String) -> TimeAmount? {
    guard let unit = text.utf8.last, text.utf8.count <= 9, let value = Int64(text.dropLast()), value >= 0
    else { return nil }
    switch unit {
    case UInt8(ascii: "H"): return .hours(value)
    case UInt8(ascii: "M"): return .minutes(value)
    case UInt8(ascii: "S"): return .seconds(value)
    case UInt8(ascii: "m"): return .milliseconds(value)
    case UInt8(ascii: "u"): return .microseconds(value)
    case UInt8(ascii: "n"): return .nanoseconds(value)
    default: return nil
    }
  }
}
