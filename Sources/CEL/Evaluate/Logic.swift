/// `&&` and `||`.
extension Evaluation {
  /// `&&` (`decisive` is false) or `||` (true): an operand that decides does so whatever the other one is, failed
  /// and unknown ones included.
  mutating func combine(
    _ left: Int, _ right: Int, decisive: Bool, at index: Int, in frame: borrowing Frame
  ) throws(EvaluationFailure) -> Value {
    let first = try outcome(of: left, in: frame)
    if case .success(.bool(decisive)) = first { return .bool(decisive) }
    let second = try outcome(of: right, in: frame)
    if case .success(.bool(decisive)) = second { return .bool(decisive) }
    switch (reason(first, decisive, index), reason(second, decisive, index)) {
    case (nil, nil): return .bool(!decisive)
    case (let reason?, nil), (nil, let reason?): throw reason
    case (let first?, let second?): throw first.merged(with: second)
    }
  }

  /// Why an operand keeps the whole from having a value; nil for a bool.
  private func reason(_ outcome: Outcome, _ decisive: Bool, _ index: Int) -> EvaluationFailure? {
    switch outcome {
    case .success(.bool): nil
    case .success(let value): failure(.noSuchOverload(decisive ? "_||_" : "_&&_", value), at: index)
    case .failure(let failure): failure
    }
  }
}
