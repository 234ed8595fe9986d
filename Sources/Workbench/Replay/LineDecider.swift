internal import Dispatch
package import Assay
package import Events
package import Windows

/// Decides recorded lines in their order, over windows that may be far away.
package protocol LineDecider: Sendable {
  /// Decides lines one after another, each when the one before it is answered; an answer for each.
  func decide(_ lines: [[UInt8]]) -> [Result<Decision, EventRefusal>]
  /// Reads one line without deciding it.
  func decode(_ line: [UInt8]) throws(EventRefusal) -> Event
}

/// A chain of decisions: each begins where the store resumed the one before it, so that a store with a thread of its own
/// is waited for once a chain and not once a line.
package struct ChainedDecider<Store: WindowStore>: LineDecider {
  private let engine: Engine<Store>

  /// A chain over the windows of `engine`.
  package init(_ engine: Engine<Store>) { self.engine = engine }

  /// Blocks until all are answered; not to be called where the store resumes its callers.
  package func decide(_ lines: [[UInt8]]) -> [Result<Decision, EventRefusal>] {
    if lines.isEmpty { return [] }
    let chain = DecisionChain(lines)
    chain.goOn(engine)
    return chain.wait()
  }

  /// Reads one line without deciding it.
  package func decode(_ line: [UInt8]) throws(EventRefusal) -> Event { try engine.decode(line.span) }
}

/// The lines of one chain and their answers by now.
private final class DecisionChain: Sendable {
  private let lines: [[UInt8]]
  private let answers = Guarded<[Result<Decision, EventRefusal>]>([])
  private let done = DispatchSemaphore(value: 0)

  init(_ lines: [[UInt8]]) {
    self.lines = lines
    answers.withLock { $0.reserveCapacity(lines.count) }
  }

  /// Decides line after line until one has to wait, or all are answered.
  func goOn<Store: WindowStore>(_ engine: Engine<Store>) {
    var index = answers.withLock { $0.count }
    while index < lines.count {
      guard let answer = answer(to: lines[index], engine) else { return }
      take(answer)
      index += 1
    }
    done.signal()
  }

  func wait() -> [Result<Decision, EventRefusal>] {
    done.wait()
    return answers.withLock { $0 }
  }

  private func answer<Store: WindowStore>(
    to line: [UInt8], _ engine: Engine<Store>
  ) -> Result<Decision, EventRefusal>? {
    do throws(EventRefusal) {
      return engine.submit(try engine.decode(line.span)) { answer in
        self.take(answer)
        self.goOn(engine)
      }
    } catch {
      return .failure(error)
    }
  }

  private func take(_ answer: Result<Decision, EventRefusal>) { answers.withLock { $0.append(answer) } }
}
