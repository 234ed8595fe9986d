internal import CEL

/// Expressions in NDJSON, answers in NDJSON: `{"expr":…,"bindings":{…},"disable_check":false}` gives
/// `{"value":…}` or `{"error":…}`.
package enum ExpressionBatch {
  /// One JSON object without a line break.
  package struct Answer: Sendable, Hashable {
    package let json: String
    /// The line could not be understood, so that nothing was evaluated.
    package let isBadInput: Bool
  }

  /// The answer to one line; a bad line gets an error, too.
  package static func answer(_ line: Span<UInt8>) -> Answer {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(line.count)
    for index in line.indices { bytes.append(line[index]) }
    do {
      let evaluation = try evaluation(String(decoding: bytes, as: UTF8.self))
      return Answer(json: answer(evaluation).encoded(), isBadInput: false)
    } catch {
      return badInput(error.message)
    }
  }

  /// The answer to a line that is too long to be read.
  package static func answer(tooLongLineOf bytes: Int) -> Answer {
    badInput("a line of \(bytes) bytes, at most \(LineReader.lineBytesMax) are allowed")
  }

  private static func badInput(_ message: String) -> Answer {
    Answer(json: failure(code: "bad-input", message).encoded(), isBadInput: true)
  }

  /// Bindings from the text of a JSON object: name to value, typed or plain.
  package static func bindings(_ text: String) throws(BadInput) -> [ExpressionEvaluation.Binding] {
    try bindings(parse(text))
  }

  /// Why a line or a set of bindings cannot be used.
  package struct BadInput: Error, Hashable, Sendable {
    /// Lower case, no final period.
    package let message: String
  }

  private static func parse(_ text: String) throws(BadInput) -> JSONValue {
    do {
      return try JSONValue(parsing: text)
    } catch {
      throw BadInput(message: error.description)
    }
  }

  private static func evaluation(_ text: String) throws(BadInput) -> ExpressionEvaluation {
    let json = try parse(text)
    guard case .object(let members) = json else { throw BadInput(message: "the line is no JSON object") }
    for member in members where !["expr", "bindings", "disable_check"].contains(member.key) {
      throw BadInput(
        message: "there is no member `\(member.key)`; known are `expr`, `bindings`, `disable_check`")
    }
    guard let expression = json["expr"]?.text else { throw BadInput(message: "`expr` must be a string") }
    var isUnchecked = false
    if let value = json["disable_check"] {
      guard let flag = value.bool else { throw BadInput(message: "`disable_check` must be true or false") }
      isUnchecked = flag
    }
    let named = try bindings(json["bindings"] ?? .null)
    return ExpressionEvaluation(expression, bindings: named, isUnchecked: isUnchecked)
  }

  private static func bindings(_ json: JSONValue) throws(BadInput) -> [ExpressionEvaluation.Binding] {
    if json == .null { return [] }
    guard case .object(let members) = json else { throw BadInput(message: "bindings must be a JSON object") }
    var bindings: [ExpressionEvaluation.Binding] = []
    for member in members {
      do {
        bindings.append(.init(name: member.key, value: try TypedValue.binding(member.value)))
      } catch {
        throw BadInput(message: "binding `\(member.key)`: \(error.message)")
      }
    }
    return bindings
  }

  private static func answer(_ evaluation: ExpressionEvaluation) -> JSONValue {
    switch evaluation.result() {
    case .value(let value):
      do {
        return .object([.init("value", try TypedValue.encode(value))])
      } catch {
        return failure(code: "too-large", error.message)
      }
    case .failed(let error): return failure(code: error.code.rawValue, error.message)
    case .invalid(let diagnostics):
      let first = diagnostics.first { $0.severity == .error } ?? diagnostics.first
      return failure(code: first?.code ?? "invalid", first?.message ?? "the expression is invalid")
    }
  }

  private static func failure(code: String, _ message: String) -> JSONValue {
    .object([.init("error", .object([.init("code", .string(code)), .init("message", .string(message))]))])
  }
}
