/// One pass over the tree that gives each node its type.
///
/// Typing is gradual: what is not known before evaluation is `dyn` and agrees with everything. A node that was
/// reported is of type `error`, which also agrees with everything, so that one mistake gives one message.
struct Checker {
  let expression: Expression
  let names: Names
  let functions: FunctionTable
  let extensions: Extensions
  var types: [CELType]
  var references: [CheckedExpression.Reference?]
  /// The variables of the comprehensions around the current node by name, the innermost last.
  var locals: [String: [CELType]] = [:]
  /// The declared ranges of variables, by slot.
  let ranges: [Int: ClosedRange<Double>]
  var findings = Findings()
  private let bytes: [UInt8]

  init(_ expression: Expression, _ environment: Environment) {
    self.expression = expression
    names = Names(environment)
    ranges = Dictionary(
      environment.variables.compactMap { variable in variable.range.map { (variable.slot, $0) } },
      uniquingKeysWith: { first, _ in first })
    functions = FunctionTable.including(environment.extensions)
    extensions = environment.extensions
    types = Array(repeating: .dyn, count: expression.nodes.count)
    references = Array(repeating: nil, count: expression.nodes.count)
    bytes = Array(expression.source.utf8)
  }

  /// Checks the tree below `id` and returns the type of its value.
  mutating func check(_ id: NodeID) -> CELType {
    let type: CELType
    switch expression[id].kind {
    case .literal(let value): type = value.runtimeType
    case .identifier, .select: return checkName(id)
    case .call(let function, let target, let arguments): type = checkCall(id, function, target, arguments)
    case .list(let elements): type = checkList(elements)
    case .map(let entries): type = checkMap(entries)
    case .message(let name, let fields):
      for field in fields { _ = check(field.value) }
      findings.add(
        .messageLiteral, expression[id].span,
        "there are no message types, so `\(name.shortened){…}` means nothing",
        hint: "a map is written `{\"key\": value}`")
      type = .error
    case .comprehension(let fold): type = checkFold(id, fold)
    }
    types[Int(id.index)] = type
    return type
  }

  /// Reports the whole when its type is not `expected`.
  mutating func require(_ expected: CELType, _ actual: CELType) {
    guard !actual.agrees(with: expected) else { return }
    let span = expression[expression.root].span
    findings.add(
      .wrongType, span, "this is `\(actual.displayName)`, but `\(expected.displayName)` is needed",
      hint: expected == .bool ? conditionHint(text(expression.root), actual) : nil)
  }

  /// What an author may have meant who wrote a value of `type` for a condition.
  func conditionHint(_ text: String, _ type: CELType) -> String? {
    switch type {
    case .int, .uint: "compare it with a number, such as `\(text) > 0`"
    case .double: "compare it with a number, such as `\(text) > 0.0`"
    case .string, .enumeration: "compare it with a text, such as `\(text) == \"…\"`"
    case .list, .map, .bytes: "compare its size, such as `size(\(text)) > 0`"
    case .duration: "compare it with a span of time, such as `\(text) > duration(\"1h\")`"
    default: nil
    }
  }

  /// The source of a node, shortened for messages.
  func text(_ id: NodeID) -> String { text(expression[id].span) }

  func text(_ span: Range<Int>) -> String {
    let start = min(span.lowerBound, bytes.count)
    let end = min(span.upperBound, start + Self.textBytesMax, bytes.count)
    return String(decoding: bytes[start..<max(start, end)], as: UTF8.self).shortened
  }

  /// Where `name` first stands at or after `start` within a node's span, or the whole span when it does not.
  func nameSpan(_ name: String, after start: Int, in span: Range<Int>) -> Range<Int> {
    let name = Array(name.utf8)
    guard let first = name.first, name.count <= Self.textBytesMax else { return span }
    var position = max(start, span.lowerBound)
    let last = min(span.upperBound, bytes.count) - name.count
    while position <= last, position < start + Self.textBytesMax {
      if bytes[position] == first, bytes[position...].starts(with: name) {
        return position..<position + name.count
      }
      position += 1
    }
    return span
  }

  /// Bytes of the source that a message about it may look at.
  private static let textBytesMax = 240

  /// The literal value of a node, or nil when it is something else.
  func literal(_ id: NodeID) -> Value? {
    if case .literal(let value) = expression[id].kind { value } else { nil }
  }
}

extension Checker {
  private mutating func checkList(_ elements: [NodeID]) -> CELType {
    var joined: CELType?
    for element in elements {
      let type = check(element)
      joined = joined?.joined(with: type) ?? type
    }
    return .list(joined ?? .open)
  }

  private mutating func checkMap(_ entries: [(key: NodeID, value: NodeID)]) -> CELType {
    var joined: (key: CELType, value: CELType)?
    var keys: Set<String> = []
    for entry in entries {
      let key = checkKey(entry.key)
      let value = check(entry.value)
      joined = joined.map { ($0.key.joined(with: key), $0.value.joined(with: value)) } ?? (key, value)
      if let literal = literal(entry.key), let identity = Self.identity(ofKey: literal),
        !keys.insert(identity).inserted
      {
        findings.add(.duplicateKey, expression[entry.key].span, "the key `\(text(entry.key))` occurs twice")
      }
    }
    return .map(joined?.key ?? .open, joined?.value ?? .open)
  }

  /// A key of any other type becomes `error`, which also keeps types from growing without bound.
  private mutating func checkKey(_ id: NodeID) -> CELType {
    let type = check(id)
    switch type {
    case .bool, .int, .uint, .string, .enumeration, .dyn, .error, .variable: return type
    default:
      findings.add(
        .mapKeyType, expression[id].span, "a map's key cannot be `\(type.displayName)`",
        hint: "keys are `string`, `int`, `uint` or `bool`")
      return .error
    }
  }

  /// The same text for keys that are equal; `1` and `1u` are.
  private static func identity(ofKey value: Value) -> String? {
    switch value {
    case .string(let text): "string:" + text
    case .int(let number): "number:\(number)"
    case .uint(let number): "number:\(number)"
    case .bool(let flag): "bool:\(flag)"
    default: nil
    }
  }
}
