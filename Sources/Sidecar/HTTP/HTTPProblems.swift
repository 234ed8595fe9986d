internal import Events
internal import NIOHTTP1

/// What can be wrong with a request before its event is looked at.
extension Problem {
  /// The parser gave up.
  init(unreadable error: any Error) {
    switch error {
    case HTTPParserError.headerOverflow:
      self.init(431, "headers-too-large", "the request's headers are too many or too long")
    case HTTPParserError.invalidVersion:
      self.init(
        505, "http-version", "the request is in no version of HTTP that is spoken here",
        hint: "speak HTTP/1.1")
    case HTTPParserError.invalidMethod:
      self.init(501, "unknown-method", "the request's method is none that HTTP has")
    default:
      self.init(400, "bad-request", "the request is no HTTP/1.1: \(error)", hint: "see RFC 9112")
    }
  }

  /// The page is there, the method is not.
  init(methodOther allowed: String) {
    self.init(405, "method-not-allowed", "this page takes \(allowed)")
    allow = allowed
  }

  /// More than an event may have.
  static var bodyTooLarge: Problem {
    Problem(
      413, "too-large", "an event has at most \(EventLimits.bytesMax) bytes",
      hint: "send many events as `application/x-ndjson`")
  }
}

/// `traceparent` as W3C's Trace Context has it, version 00.
enum TraceParent {
  /// False for what is no trace context; it is then dropped, as the recommendation asks.
  static func isValid(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "00" && isHex(parts[1], 32) && isHex(parts[2], 16)
      && isHex(parts[3], 2) && parts[1].contains(where: { $0 != "0" })
      && parts[2].contains(where: { $0 != "0" })
  }

  private static func isHex(_ text: Substring, _ count: Int) -> Bool {
    text.utf8.count == count && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
