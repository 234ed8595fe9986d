package import Assay
package import RuleSets
package import Sidecar
internal import Windows

/// A store that answers when it is told to: an engine whose answers wait.
package struct LateEngine: LoopEngine {
  private let engine: any LoopEngine
  private let answers: LateAnswers

  /// Lets the answers of `engine` wait in `answers`, as long as that says so.
  package init(_ engine: any LoopEngine, _ answers: LateAnswers) {
    (self.engine, self.answers) = (engine, answers)
  }

  /// Those of the engine.
  package var rules: RuleSet { engine.rules }

  /// Decides at once, and answers at once or later.
  package func decide(
    _ json: Span<UInt8>, id: String?, resume: @escaping @Sendable (Result<Decision, EventRefusal>) -> Void
  ) -> Result<Decision, EventRefusal>? {
    guard let answer = engine.decide(json, id: id, resume: resume) else { return nil }
    return answers.keep { resume(answer) } ? nil : answer
  }
}

/// The answers that wait.
package final class LateAnswers: Sendable {
  private struct State {
    var isLate = false
    var waiting: [@Sendable () -> Void] = []
  }

  private let state = Guarded(State())

  package init() {}

  /// How many wait.
  package var count: Int { state.withLock { $0.waiting.count } }

  /// Whether answers from now on wait.
  package func becomeLate(_ isLate: Bool) { state.withLock { $0.isLate = isLate } }

  /// Lets the oldest or the newest go; false where none waits.
  @discardableResult
  package func release(newest: Bool) -> Bool {
    let answer = state.withLock { state in
      newest ? state.waiting.popLast() : state.waiting.isEmpty ? nil : state.waiting.removeFirst()
    }
    answer?()
    return answer != nil
  }

  /// Lets `answer` wait, if answers wait now.
  fileprivate func keep(_ answer: @escaping @Sendable () -> Void) -> Bool {
    state.withLock { state in
      if state.isLate { state.waiting.append(answer) }
      return state.isLate
    }
  }
}
