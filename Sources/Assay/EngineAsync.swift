public import Events

/// `async` over the callbacks of a store: no task of its own for a decision.
extension Engine {
  /// Decides one event that was built or decoded before; suspends while the store answers.
  public func decide(waitingFor event: consuming Event) async throws(EventRefusal) -> Decision {
    let event = event
    let answer: Answer = await withUnsafeContinuation { continuation in
      let answer = submit(event) { continuation.resume(returning: $0) }
      if let answer { continuation.resume(returning: answer) }
    }
    return try answer.get()
  }

  /// Decides one event in JSON; suspends while the store answers.
  public func decide(waitingFor json: [UInt8]) async throws(EventRefusal) -> Decision {
    try await decide(waitingFor: decode(json.span))
  }
}
