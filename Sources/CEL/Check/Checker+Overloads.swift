/// What is said about calls that no signature takes.
extension Checker {
  mutating func reportUnknownFunction(
    _ id: NodeID, _ function: String, _ target: NodeID?, _ types: [CELType]
  ) {
    guard findings.hasRoom else { return }
    let candidates = functions.callableNames + Macro.allCases.map(\.rawValue) + Self.synonyms.keys
    let span = expression[id].span
    let start = target.map { expression[$0].span.upperBound } ?? span.lowerBound
    findings.add(
      .unknownFunction, nameSpan(function, after: start, in: span),
      "unknown function `\(function.shortened)`",
      hint: unknownFunctionHint(function, target, candidates))
  }

  private func unknownFunctionHint(_ function: String, _ target: NodeID?, _ candidates: [String]) -> String? {
    if let macro = Macro(rawValue: function), macro.needed.isSubset(of: extensions) {
      return "write `\(macro.usage)`"
    }
    if Macro(rawValue: function) != nil || ExtensionFunction.exists(function, in: .all) {
      return "it belongs to an extension that is turned off here"
    }
    let near = Self.synonyms[function.lowercased()] ?? DidYouMean.nearest(to: function, among: candidates)
    return near.map { "did you mean `\(Self.synonyms[$0] ?? $0)`?" }
  }

  mutating func reportCallStyle(_ id: NodeID, _ function: String, _ operands: [NodeID]) {
    guard case .call(_, let target, _) = expression[id].kind else { return }
    let own = operands.map { text($0) }
    let hint: String
    if target != nil {
      hint = "write `\(function)(\(own.joined(separator: ", ")))`"
    } else if let first = own.first {
      hint = "write `\(first).\(function)(\(own.dropFirst().joined(separator: ", ")))`"
    } else {
      hint = "write `value.\(function)()`"
    }
    findings.add(
      .callStyle, expression[id].span,
      target != nil
        ? "`\(function)` is a function, not a method" : "`\(function)` is a method, not a function",
      hint: hint)
  }

  mutating func reportArgumentCount(_ id: NodeID, _ function: String, _ overloads: [Overload], _ count: Int) {
    let own = overloads[0].isMethod ? 1 : 0
    let counts = Set(overloads.map { $0.parameters.count - own }).sorted()
    let wanted = counts.map(String.init).joined(separator: " or ")
    findings.add(
      .argumentCount, expression[id].span,
      "`\(function)` takes \(wanted) argument\(counts == [1] ? "" : "s"), not \(count - own)")
  }

  mutating func reportNoOverload(
    _ id: NodeID, _ function: String, _ target: NodeID?, _ operands: [NodeID], _ overloads: [Overload]
  ) {
    if reportCondition(function, operands) { return }
    let types = operands.map { self.types[Int($0.index)] }
    let shown = types.map { "`\($0.displayName)`" }
    let span = expression[id].span
    if function == Operator.conditional {
      findings.add(
        .noOverload, span, "the branches of `?:` are \(shown[1]) and \(shown[2])",
        hint: "give both the same type")
      return
    }
    let name = Operator.symbol(of: function) ?? function
    let targetFits = overloads.contains { $0.parameters.first?.agrees(with: types[0]) == true }
    if target != nil, !targetFits {
      findings.add(
        .noOverload, span, "\(shown[0]) has no method `\(name)`", hint: overloadHint(function, operands))
      return
    }
    let listed = (target == nil ? shown[...] : shown.dropFirst()).joined(separator: " and ")
    findings.add(
      .noOverload, span, "`\(name)` does not take \(listed)", hint: overloadHint(function, operands))
  }

  /// Where `bool` is needed the operand itself is pointed at; returns whether there was one.
  private mutating func reportCondition(_ function: String, _ operands: [NodeID]) -> Bool {
    let conditions: [NodeID]
    switch function {
    case Operator.and, Operator.or, Operator.not: conditions = operands
    case Operator.conditional: conditions = [operands[0]]
    default: return false
    }
    let isMacro = operands.contains { isAccumulator($0) }
    var reported = false
    for operand in conditions {
      let type = types[Int(operand.index)]
      if type.agrees(with: .bool) { continue }
      let place =
        isMacro ? "the condition of a macro" : "`\(Operator.symbol(of: function) ?? function)`"
      let hint = conditionHint(text(operand), type)
      findings.add(
        .noOverload, expression[operand].span, "\(place) takes `bool`, and this is `\(type.displayName)`",
        hint: hint)
      reported = true
    }
    return reported
  }

  /// How to bring two values together.
  private func overloadHint(_ function: String, _ operands: [NodeID]) -> String? {
    if let hint = addressHint(function, operands) ?? listHint(function, operands) { return hint }
    guard operands.count == 2, Operator.symbol(of: function) != nil else { return nil }
    let (left, right) = (types[Int(operands[0].index)], types[Int(operands[1].index)])
    switch (left, right) {
    case (.list, _) where function == Operator.index: return "a list is read by number, such as `[0]`"
    case (.map(let key, _), _) where function == Operator.index: return "the keys are `\(key.displayName)`"
    case _ where left.isNumeric && right.isNumeric && left != right:
      let narrow = left == .double || (left == .int && right == .uint) ? operands[1] : operands[0]
      return numberHint(narrow, as: left == .double || right == .double ? "double" : "int")
    case _ where (left.isText || right.isText) && function == Operator.add:
      return "convert with `string(\(text(left.isText ? operands[1] : operands[0])))`"
    case _ where left.isText && right.isNumeric: return textHint(operands[0], function)
    case _ where left.isNumeric && right.isText: return textHint(operands[1], function)
    default:
      let isArithmetic = function == Operator.add || function == Operator.subtract
      return conversionHint(operands[0], operands[1], isArithmetic: isArithmetic)
    }
  }

  /// A method of addresses or ranges called on text.
  private func addressHint(_ function: String, _ operands: [NodeID]) -> String? {
    guard let first = operands.first, types[Int(first.index)].isText else { return nil }
    let owners = functions[function].filter(\.isMethod).compactMap(\.parameters.first)
    guard let owner = owners.first(where: { $0 == .ip || $0 == .cidr }) else { return nil }
    return "write `\(owner.displayName)(\(text(first))).\(function)(…)`"
  }

  /// A method of text called on a list, or with one.
  private func listHint(_ function: String, _ operands: [NodeID]) -> String? {
    guard operands.count == 2, ["contains", "startsWith", "endsWith", "matches"].contains(function) else {
      return nil
    }
    let (first, second) = (text(operands[0]), text(operands[1]))
    if case .list = types[Int(operands[0].index)] {
      return function == "contains"
        ? "write `\(second) in \(first)`" : "write `\(first).exists(item, item.\(function)(\(second)))`"
    }
    if case .list = types[Int(operands[1].index)] {
      return "write `\(second).exists(item, \(first).\(function)(item))`"
    }
    return nil
  }

  private func numberHint(_ id: NodeID, as type: String) -> String {
    if case .int? = literal(id), type == "double" { return "write `\(text(id)).0`" }
    return "convert with `\(type)(\(text(id)))`"
  }

  /// What to do with a text where a number is needed: text is ordered letter by letter, so that a number must not become
  /// text to be compared with it.
  private func textHint(_ id: NodeID, _ function: String) -> String? {
    if case .string(let digits)? = literal(id) {
      return Double(digits).map { _ in "write `\(digits)`" } ?? "a number is needed here"
    }
    if types[Int(id.index)].isEnumeration { return "`\(text(id))` is one of some words, not a number" }
    return "convert with `int(\(text(id)))` or `double(\(text(id)))` where the text is a number"
  }

  /// How to write one of two values of different types so that it has the other's type.
  func conversionHint(_ first: NodeID, _ second: NodeID, isArithmetic: Bool = false) -> String? {
    for (one, other) in [(first, second), (second, first)] where types[Int(other.index)].isNumeric {
      if case .string(let digits)? = literal(one), Int64(digits) != nil { return "write `\(digits)`" }
    }

    for (one, other) in [(first, second), (second, first)] {
      let (type, otherType) = (types[Int(one.index)], types[Int(other.index)])
      switch type {
      case .timestamp where otherType.isText || otherType.isNumeric:
        if otherType.isNumeric, isArithmetic { return "a span of time is written `duration(\"24h\")`" }
        return literal(other) == nil || otherType.isNumeric
          ? "convert with `timestamp(\(text(other)))`"
          : "a moment is written `timestamp(\"2026-01-31T00:00:00Z\")`"
      case .duration where otherType.isText || otherType.isNumeric:
        return "a span of time is written `duration(\"24h\")`"
      case _ where type.isText && otherType.isNumeric:
        return literal(other) != nil ? "write `\"\(text(other))\"`" : "convert with `string(\(text(other)))`"
      case .ip where otherType.isText: return "convert with `ip(\(text(other)))`"
      case .cidr where otherType.isText: return "convert with `cidr(\(text(other)))`"
      case .cidr where otherType == .ip: return "write `\(text(one)).containsIP(\(text(other)))`"
      case .optional(let inner) where inner.agrees(with: otherType):
        return "take the value out with `\(text(one)).orValue(…)`"
      case _ where type.isText && otherType == .bool:
        if case .string(let word)? = literal(one), let holds = Bool(word.lowercased()) {
          return "write `\(holds ? "" : "!")\(text(other))`"
        }
        return "a bool needs no comparison with a text"
      default: continue
      }
    }
    return nil
  }

  private static let synonyms: [String: String] = [
    "length": "size", "len": "size", "count": "size", "includes": "contains", "some": "exists",
    "any": "exists",
    "every": "all", "float": "double", "str": "string", "integer": "int", "isset": "has", "defined": "has",
  ]
}
