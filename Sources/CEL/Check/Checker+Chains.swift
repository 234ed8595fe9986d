/// Chains of `&&` of which no value can make all parts hold, and chains of `||` of which one part always does:
/// `n > 5 && n < 3`, `os != "android" || os != "ios"`.
///
/// Only comparisons with constants are looked at, so that whatever is found is certain; a value that is missing or fails
/// does not make an `&&` hold either.
extension Checker {
  mutating func checkChains() {
    let checked = CheckedExpression(
      expression: expression, types: types, references: references, slots: [], warnings: [])
    for function in [Operator.and, Operator.or] {
      var isInner = [Bool](repeating: false, count: expression.nodes.count)
      for (index, node) in expression.nodes.enumerated().reversed() {
        guard case .call(function, nil, let operands) = node.kind else { continue }
        // A chain within a chain is looked at with the whole of it.
        for operand in operands { isInner[Int(operand.index)] = true }
        if !isInner[index] { checkChain(NodeID(index), function, checked) }
      }
    }
  }

  private mutating func checkChain(_ chain: NodeID, _ function: String, _ checked: CheckedExpression) {
    let isConjunction = function == Operator.and
    var constraints: [String: Constraint] = [:]
    var waiting = [chain]
    var factsLeft = Self.factsMax
    while let id = waiting.popLast() {
      if case .call(function, nil, let operands) = expression[id].kind {
        waiting.append(contentsOf: operands.reversed())
        continue
      }
      guard let (term, found) = checked.fact(id), let fact = isConjunction ? found : found.negated else {
        continue
      }
      factsLeft -= 1
      guard factsLeft >= 0 else { return }
      if let other = constraints[term, default: Constraint()].narrow(fact, id) {
        report(id, other, isConjunction: isConjunction)
        return
      }
    }
  }

  /// Of a chain that no person wrote, so many comparisons are looked at.
  private static var factsMax: Int { 512 }

  private mutating func report(_ id: NodeID, _ other: NodeID, isConjunction: Bool) {
    let span = expression[id].span
    guard isConjunction else {
      findings.add(
        .alwaysHolds, severity: .warning, span, "`\(text(id))` holds wherever `\(text(other))` does not",
        hint: "write `&&` if both are meant")
      return
    }
    findings.add(
      .neverHolds, span, "`\(text(id))` never holds together with `\(text(other))`",
      hint: "write `||` for one of the two, or make room between the values")
  }
}

extension Constraint.Fact {
  /// What holds exactly where this does not; nil where both may fail to hold, as with NaN.
  fileprivate var negated: Constraint.Fact? {
    canBeNegated ? Constraint.Fact(relation: relation.negated, isWhole: isWhole, canBeNegated: true) : nil
  }
}

extension CheckedExpression {
  /// What a node says of some value, and a text that stands for the value: the same for the same value.
  fileprivate func fact(_ id: NodeID) -> (term: String, fact: Constraint.Fact)? {
    if let solved = solvedComparison(id), let relation = Self.relation(solved.function, .int(solved.number)) {
      return ("slot \(solved.slot)", Constraint.Fact(relation: relation, isWhole: true, canBeNegated: true))
    }
    guard case .call(let function, let target, let operands) = expression[id].kind else {
      return truth(of: id, true)
    }
    if function == Operator.not, operands.count == 1 { return negation(of: operands[0]) }
    guard target == nil, operands.count == 2 else { return truth(of: id, true) }
    if let mirrored = LinearTerm.mirrored[function] {
      let sides = [(operands[0], operands[1], function), (operands[1], operands[0], mirrored)]
      for (value, other, comparison) in sides {
        guard let constant = constant(other), constant.isOrdered,
          let relation = Self.relation(comparison, constant)
        else {
          continue
        }
        return fact(about: value, relation)
      }
      return nil
    }
    guard function == Operator.within else { return nil }
    guard case .list(let members) = expression[operands[1]].kind else { return nil }
    let values = members.compactMap(constant)
    guard values.count == members.count, values.count <= Self.membersMax, !values.isEmpty else { return nil }
    return fact(about: operands[0], .among(values))
  }

  /// Longer lists are not compared with each other.
  private static var membersMax: Int { 64 }

  private func fact(about value: NodeID, _ relation: Constraint.Relation) -> (String, Constraint.Fact)? {
    let type = types[Int(value.index)]
    let isKnown = type != .double && !type.isOpen
    return term(value).map {
      ($0, Constraint.Fact(relation: relation, isWhole: type == .int, canBeNegated: isKnown))
    }
  }

  private func negation(of id: NodeID) -> (term: String, fact: Constraint.Fact)? {
    guard let (term, fact) = fact(id), let negated = fact.negated else { return nil }
    return (term, negated)
  }

  /// Any condition as a value that is true or false.
  private func truth(of id: NodeID, _ holds: Bool) -> (term: String, fact: Constraint.Fact)? {
    if case .literal = expression[id].kind { return nil }
    guard types[Int(id.index)] == .bool else { return nil }
    return fact(about: id, .equal(.bool(holds)))
  }

  private static func relation(_ function: String, _ value: Value) -> Constraint.Relation? {
    switch function {
    case Operator.equal: .equal(value)
    case Operator.notEqual: .notEqual(value)
    case Operator.less: .less(value)
    case Operator.lessOrEqual: .lessOrEqual(value)
    case Operator.greater: .greater(value)
    case Operator.greaterOrEqual: .greaterOrEqual(value)
    default: nil
    }
  }

  /// A literal, or the moment or span that a literal text stands for.
  private func constant(_ id: NodeID) -> Value? {
    switch expression[id].kind {
    case .literal(let value): return value
    case .call(let function, nil, let arguments) where arguments.count == 1:
      guard case .literal(.string(let text)) = expression[arguments[0]].kind else { return nil }
      switch function {
      case "duration": return Duration(cel: text).map { .duration($0) }
      case "timestamp": return Timestamp(rfc3339: text.utf8.span).map { .timestamp($0) }
      default: return nil
      }
    default: return nil
    }
  }
}

extension CheckedExpression {
  /// A text that is the same for nodes of the same value; nil for what is too large to be worth it, and for macros, whose
  /// variables mean something else in each.
  fileprivate func term(_ id: NodeID) -> String? {
    var text = ""
    return write(id, into: &text, depth: 0) ? text : nil
  }

  private func write(_ id: NodeID, into text: inout String, depth: Int) -> Bool {
    guard depth < 8, text.utf8.count < 200 else { return false }
    let isPresence = if case .select(_, _, presence: true) = expression[id].kind { true } else { false }
    if case .variable(let slot)? = references[Int(id.index)] {
      text += isPresence ? "has slot \(slot)" : "slot \(slot)"
      return true
    }
    switch expression[id].kind {
    case .literal(let value):
      guard value.isOrdered else { return false }
      text += "\(value)"
    case .identifier(let name, _):
      guard name != Macro.accumulator else { return false }
      text += "name \(name)"
    case .select(let operand, let field, _):
      guard write(operand, into: &text, depth: depth + 1) else { return false }
      text += "\(isPresence ? "?" : ".")`\(field)`"
    case .call(let function, let target, let arguments):
      text += "\(target == nil ? "" : ".")\(function)("
      for operand in (target.map { [$0] } ?? []) + arguments {
        guard write(operand, into: &text, depth: depth + 1) else { return false }
        text += ","
      }
      text += ")"
    default: return false
    }
    return true
  }
}

extension Value {
  /// Whether it has a place among the values of its type: not so lists, maps, null, types and NaN.
  fileprivate var isOrdered: Bool {
    switch self {
    case .bool, .int, .uint, .string, .bytes, .timestamp, .duration: true
    case .double(let number): !number.isNaN
    default: false
    }
  }
}
