/// `matches`.
extension Evaluation {
  /// With a pattern that was compiled when the program was made.
  mutating func match(
    _ text: Int, _ pattern: any RegularExpression, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let value = try value(of: text, in: frame)
    guard case .string(let text) = value else { throw failure(.noSuchOverload("matches", value), at: index) }
    try charge(pattern.steps(forBytes: text.utf8.count), at: index)
    return .bool(pattern.matches(text))
  }

  /// With a pattern that is a value: it must be short, and compiling it costs a good part of the budget.
  mutating func match(
    _ text: Int, dynamic pattern: Int, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let (text, pattern) = try values(of: text, pattern, in: frame)
    guard case .string(let text) = text, case .string(let source) = pattern else {
      throw failure(.noSuchOverload("matches", text, pattern), at: index)
    }
    let compiled = try compile(source, at: index)
    try charge(compiled.steps(forBytes: text.utf8.count), at: index)
    return .bool(compiled.matches(text))
  }

  private static let dynamicPatternBytesMax = 256
  /// A pattern that is not constant may have so many states: enough for a few classes of Unicode.
  static let dynamicPatternSizeMax = 5_000
  static let compilationSteps = 10_000
  /// Beyond that, for each state.
  static let stateSteps = 4
  /// RE2 takes up to 14 ms to find out that the shortest patterns of the most states are too large.
  static let refusalSteps = 100_000

  private mutating func compile(_ source: String, at index: Int) throws(EvaluationFailure)
    -> any RegularExpression
  {
    if let lastPattern, TextOrder.equal(lastPattern.source, source) { return lastPattern.compiled }
    guard let engine = plan.regularExpressions else {
      throw failure(Fault(.unknownFunction, "`matches` is not available here"), at: index)
    }
    guard source.utf8.count <= Evaluation.dynamicPatternBytesMax else {
      throw failure(Fault(.invalidArgument, "a pattern that is not constant may have 256 bytes"), at: index)
    }
    try charge(Evaluation.compilationSteps, at: index)
    let found = try? engine.compile(source)
    guard let compiled = found, compiled.size <= Evaluation.dynamicPatternSizeMax else {
      try charge(Evaluation.refusalSteps, at: index)
      guard found == nil else {
        throw failure(
          Fault(.invalidArgument, "the pattern is too large for one that is not constant"), at: index)
      }
      throw failure(Fault(.invalidArgument, "the pattern is no regular expression"), at: index)
    }
    try charge(compiled.size * Evaluation.stateSteps, at: index)
    lastPattern = (source, compiled)
    return compiled
  }
}
