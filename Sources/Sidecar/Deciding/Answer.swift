internal import Assay

/// What a client gets for one event.
enum Answer {
  case decision(Decision)
  /// Nothing was decided, and why.
  case problem(Problem)

  /// The answer as one line of JSON, its end not included.
  func write(to output: inout [UInt8]) {
    switch self {
    case .decision(let decision): decision.write(to: &output)
    case .problem(let problem): problem.write(to: &output)
    }
  }
}
