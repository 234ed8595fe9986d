internal import Assay
internal import Glibc

/// Where a span belongs: what a `traceparent` says (W3C's Trace Context, version 00), or a new trace.
struct TraceContext: Sendable, Equatable {
  /// 32 hexadecimal digits.
  let traceID: String
  /// The span that this one is a part of; 16 hexadecimal digits.
  let parentID: String?
  /// Whoever began the trace records it.
  let isSampled: Bool

  /// Reads a request's header; nil where it is no trace context.
  init?(traceparent: String?) {
    guard let traceparent, TraceParent.isValid(traceparent) else { return nil }
    let parts = traceparent.split(separator: "-")
    traceID = String(parts[1])
    parentID = String(parts[2])
    isSampled = UInt8(parts[3], radix: 16).map { $0 & 1 == 1 } ?? false
  }

  /// A trace that begins here; of all of them the share `ratio` is recorded.
  init(newWith ratio: Double) {
    let random = UInt64.random(in: 0..<UInt64.max)
    traceID = Self.digits(UInt64.random(in: 1...UInt64.max)) + Self.digits(random)
    parentID = nil
    isSampled = Double(random) < ratio * Double(UInt64.max)
  }

  /// 16 hexadecimal digits.
  static func digits(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }
}

/// A decision as its trace shows it: nothing of the event itself.
struct DecisionSpan: Sendable {
  let context: TraceContext
  let spanID = TraceContext.digits(UInt64.random(in: 1...UInt64.max))
  /// Nanoseconds since 1970.
  let start = Self.now
  var end: UInt64 = 0
  var attributes: [(name: String, value: Value)] = []
  /// Why there is no decision; nil where there is one.
  var failure: String?

  enum Value: Sendable {
    case text(String)
    case integer(Int64)
    case bool(Bool)
    case texts([String])
  }

  init(_ context: TraceContext) { self.context = context }

  /// Takes over what came out.
  mutating func finish(_ answer: Answer) {
    end = max(Self.now, start)
    switch answer {
    case .decision(let decision):
      attributes = [
        ("assay.outcome", .text(decision.outcome.rawValue)), ("assay.score", .integer(Int64(decision.score))),
        ("assay.ruleset.name", .text(decision.ruleSet.name)),
        ("assay.ruleset.version", .text(decision.ruleSet.version)),
        ("assay.rules", .texts(decision.reasons.map(\.rule))), ("assay.repeated", .bool(decision.repeated)),
      ]
      // What stands behind the colon may name servers.
      if let why = decision.degraded {
        attributes.append(("assay.degraded", .text(String(why.prefix { $0 != ":" }))))
      }
    case .problem(let problem):
      failure = problem.code
      attributes = [
        ("assay.problem", .text(problem.code)), ("assay.status", .integer(Int64(problem.status))),
      ]
    }
  }

  private static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(max(time.tv_sec, 0)) &* 1_000_000_000 &+ UInt64(max(time.tv_nsec, 0))
  }
}
