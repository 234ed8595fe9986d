internal import Dispatch
package import Assay
package import Events
package import Windows

/// Decides recorded lines in their order, over windows that may be far away.
package protocol LineDecider: Sendable {
  /// Decides lines one after another, each when the one before it is answered; an answer for each.
  func decide(_ lines: [[UInt8]]) -> [Result<Decision, EventRefusal>]
  /// The same, with what each decision was made of.
  func examine(_ lines: [[UInt8]]) -> [Result<ExaminedDecision, EventRefusal>]
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
    AnswerChain(lines) { [engine] line, resume throws(EventRefusal) in
      engine.submit(try engine.decode(line.span), resume: resume)
    }.answers()
  }

  /// The same, with what each decision was made of.
  package func examine(_ lines: [[UInt8]]) -> [Result<ExaminedDecision, EventRefusal>] {
    AnswerChain(lines) { [engine] line, resume throws(EventRefusal) in
      engine.examine(try engine.decode(line.span), resume: resume)
    }.answers()
  }

  /// Reads one line without deciding it.
  package func decode(_ line: [UInt8]) throws(EventRefusal) -> Event { try engine.decode(line.span) }
}

/// The lines of one chain and their answers by now.
private final class AnswerChain<Value: Sendable>: Sendable {
  typealias Answer = Result<Value, EventRefusal>
  /// Answers one line: now, or nil and later by what it is given.
  typealias Answering =
    @Sendable (_ line: [UInt8], _ resume: @escaping @Sendable (Answer) -> Void) throws(EventRefusal) ->
    Answer?

  private let lines: [[UInt8]]
  private let answering: Answering
  private let taken = Guarded<[Answer]>([])
  private let done = DispatchSemaphore(value: 0)

  init(_ lines: [[UInt8]], _ answering: @escaping Answering) {
    self.lines = lines
    self.answering = answering
    taken.withLock { $0.reserveCapacity(lines.count) }
  }

  /// Answers all lines and waits for the last one.
  func answers() -> [Answer] {
    goOn()
    done.wait()
    return taken.withLock { $0 }
  }

  /// Answers line after line until one has to wait, or all are answered.
  private func goOn() {
    var index = taken.withLock { $0.count }
    while index < lines.count {
      guard let answer = answer(to: lines[index]) else { return }
      take(answer)
      index += 1
    }
    done.signal()
  }

  private func answer(to line: [UInt8]) -> Answer? {
    do throws(EventRefusal) {
      return try answering(line) { answer in
        self.take(answer)
        self.goOn()
      }
    } catch {
      return .failure(error)
    }
  }

  private func take(_ answer: Answer) { taken.withLock { $0.append(answer) } }
}
