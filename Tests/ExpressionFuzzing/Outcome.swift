internal import CEL

/// How an evaluation ended, as far as two forms of one program must agree: the value, or the class of the failure.
enum Outcome: Equatable {
  case value(Value)
  case error(EvaluationError.Code)
  case unknown

  init(_ result: Result<Value, EvaluationFailure>) {
    switch result {
    case .success(let value): self = .value(value)
    case .failure(.error(let error)): self = .error(error.code)
    case .failure(.unknown): self = .unknown
    }
  }

  init(_ evaluate: () throws(EvaluationFailure) -> Value) {
    do throws(EvaluationFailure) { self = .value(try evaluate()) } catch { self.init(.failure(error)) }
  }

  /// What a condition makes of it: only a bool will do.
  var asCondition: Outcome {
    switch self {
    case .value(.bool): self
    case .value: .error(.noSuchOverload)
    case .error, .unknown: self
    }
  }

  static func == (left: Outcome, right: Outcome) -> Bool {
    switch (left, right) {
    case (.value(let left), .value(let right)): left.isSame(as: right)
    case (.error(let left), .error(let right)): left == right
    case (.unknown, .unknown): true
    default: false
    }
  }
}

extension Value {
  /// The same to the last bit; unlike CEL's `==`, by which NaN is nothing and 1 is 1.0.
  fileprivate func isSame(as other: Value) -> Bool {
    switch (self, other) {
    case (.double(let left), .double(let right)):
      left.bitPattern == right.bitPattern || (left.isNaN && right.isNaN)
    case (.list(let left), .list(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
    case (.map(let left), .map(let right)):
      left.entries.count == right.entries.count
        && zip(left.entries, right.entries).allSatisfy {
          $0.key.isSame(as: $1.key) && $0.value.isSame(as: $1.value)
        }
    default: runtimeType.runtimeName == other.runtimeType.runtimeName && isEqual(to: other)
    }
  }
}
