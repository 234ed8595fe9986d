/// What the bytes of a fuzzer mean: how the connection ends, in which pieces its bytes come, and the bytes.
///
/// The first byte has the end in its lowest two bits and the number of steps above them; a byte for each step follows,
/// then what the client sends. A zero before a request is a client that sends it at once and ends.
package struct FuzzInput: Sendable {
  /// How the client ends.
  package enum End: UInt8, Sendable, CaseIterable {
    /// It says that nothing more comes, and reads on.
    case half
    /// It says nothing, and reads on.
    case silence
    /// It is gone.
    case gone
    /// It stays, and the server is to stop.
    case drain
  }

  /// What happens after a piece has come.
  package enum Action: UInt8, Sendable {
    case nothing, late, prompt, answerOldest, answerNewest, answerAll, block, unblock, wait
  }

  /// A piece of what the client sends, and what happens then.
  package struct Step: Sendable {
    /// Bytes of the piece, at most.
    let length: Int
    let action: Action

    /// What a byte means.
    init(_ byte: UInt8) {
      length = Self.lengths[Int(byte & 0xF)]
      action = Action(rawValue: byte >> 4) ?? .nothing
    }

    private static let lengths = [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 1_000, 65_536]
  }

  package let end: End
  /// One after the other, and again from the first; empty is all at once.
  package let steps: [Step]
  /// What the client sends.
  package let payload: [UInt8]

  /// What `bytes` mean; nil when they are no input.
  package init?(_ bytes: some Collection<UInt8>) {
    guard let first = bytes.first, let end = End(rawValue: first & 3) else { return nil }
    let count = Int(first >> 2)
    self.end = end
    steps = bytes.dropFirst().prefix(count).map(Step.init)
    payload = Array(bytes.dropFirst(1 + count))
    if payload.isEmpty || Self.needsThreads(payload) { return nil }
  }

  private init(_ end: End, _ payload: [UInt8]) { (self.end, steps, self.payload) = (end, [], payload) }

  /// The same bytes from a client that sends them at once, to a store that answers at once.
  var plain: FuzzInput { FuzzInput(end, payload) }

  /// Pages that another thread makes have no place where time is the test's own.
  private static func needsThreads(_ payload: [UInt8]) -> Bool {
    ["/readyz", "/metrics", "/openapi.json", "/v1/entities", "/v1/ruleset/reload"].contains {
      payload.firstRange(of: Array($0.utf8)) != nil
    }
  }
}
