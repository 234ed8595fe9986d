/// Comparisons that mean nothing although they are well formed.
extension Checker {
  /// `left == right` or `left != right`.
  mutating func checkEquality(_ id: NodeID, _ function: String, _ left: NodeID, _ right: NodeID) {
    let (leftType, rightType) = (types[Int(left.index)], types[Int(right.index)])
    guard leftType.isComparable(with: rightType) else {
      reportNeverEqual(expression[id].span, left, leftType, right, rightType)
      return
    }
    checkMember(right, of: leftType, named: left)
    checkMember(left, of: rightType, named: right)
    checkOrder(id, function, left, right)
  }

  /// `element in container`.
  mutating func checkMembership(_ id: NodeID, _ element: NodeID, _ container: NodeID) {
    let (type, containerType) = (types[Int(element.index)], types[Int(container.index)])
    let contents: CELType
    switch containerType {
    case _ where containerType.isOpen: return
    case .list(let inner): contents = inner
    case .map(let key, _): contents = key
    default:
      findings.add(
        .noOverload, expression[id].span,
        "`in` does not take `\(type.displayName)` and `\(containerType.displayName)`",
        hint: membershipHint(element, container))
      return
    }
    guard type.isComparable(with: contents) else {
      reportNeverEqual(expression[id].span, element, type, nil, contents, in: container)
      return
    }
    checkMember(element, of: contents, named: container)
    if case .list(let elements) = expression[container].kind {
      for other in elements { checkMember(other, of: type, named: element) }
    }
  }

  /// What to write where the right side of `in` holds nothing.
  private func membershipHint(_ element: NodeID, _ container: NodeID) -> String {
    let (type, containerType) = (types[Int(element.index)], types[Int(container.index)])
    if containerType.isText, type.isText { return "write `\(text(container)).contains(\(text(element)))`" }
    if containerType == .cidr { return "write `\(text(container)).containsIP(\(text(element)))`" }
    return "`in` needs a list or a map on its right"
  }

  private mutating func reportNeverEqual(
    _ span: Range<Int>, _ left: NodeID, _ leftType: CELType, _ right: NodeID?, _ rightType: CELType,
    in container: NodeID? = nil
  ) {
    let hint: String?
    if leftType == .null || rightType == .null {
      let other = leftType == .null ? right : left
      // Only a name with a dot can be asked for.
      let name = other.map { text($0) }.flatMap { $0.contains(".") && !$0.contains("(") ? $0 : nil }
      hint = "test whether a field is there with `has(\(name ?? "a.b"))`"
    } else if let container, rightType == .cidr, leftType.isText || leftType == .ip {
      hint = "write `\(text(container)).containsIP(\(text(left)))`"
    } else {
      hint = right.flatMap { conversionHint(left, $0) }
    }
    findings.add(
      .neverEqual, span, "`\(leftType.displayName)` and `\(rightType.displayName)` are never equal",
      hint: hint)
  }

  /// Reports a text literal that is no member of the enumeration it is compared with.
  private mutating func checkMember(_ id: NodeID, of type: CELType, named owner: NodeID) {
    guard case .enumeration(let members) = type, case .string(let member)? = literal(id),
      !members.contains(member)
    else { return }
    let hint =
      DidYouMean.nearest(to: member, among: members).map { "did you mean `\($0)`?" }
      ?? Self.listing("the members are", members)
    findings.add(
      .notAMember, expression[id].span, "`\(member.shortened)` is not a member of `\(text(owner))`",
      hint: hint)
  }

  /// A comparison of a literal with a value whose range is known, or with another literal.
  mutating func checkOrder(_ id: NodeID, _ function: String, _ left: NodeID, _ right: NodeID) {
    guard let comparison = Comparison(rawValue: function), !isAccumulator(left) else { return }
    checkSameSides(id, function, left, right)
    let (leftLiteral, rightLiteral) = (literal(left), literal(right))
    if leftLiteral != nil, rightLiteral != nil {
      findings.add(
        .constantComparison, severity: .warning, expression[id].span,
        "both sides of `\(comparison.symbol)` are constant")
      return
    }
    let (value, number, ordered) =
      rightLiteral != nil
      ? (left, rightLiteral.flatMap(\.number), comparison)
      : (right, leftLiteral.flatMap(\.number), comparison.mirrored)
    guard let number else { return }
    let type = types[Int(value.index)]
    if type == .int || type == .uint, number != number.rounded(), ordered == .equal || ordered == .notEqual {
      let whole = "`\(text(value))` is a whole number"
      report(ordered == .notEqual, id, hint: whole)
    } else if let range = valueRange(of: value),
      let always = ordered.outcome(range.lower, range.upper, number)
    {
      report(always, id, hint: range.description)
    }
  }

  private mutating func report(_ always: Bool, _ id: NodeID, hint: String) {
    let span = expression[id].span
    if always {
      findings.add(.alwaysHolds, severity: .warning, span, "`\(text(id))` always holds", hint: hint)
    } else {
      findings.add(.neverHolds, span, "`\(text(id))` never holds", hint: hint)
    }
  }
}

extension Checker {
  /// The values that a node can have, where its type does not tell.
  private func valueRange(of id: NodeID) -> (lower: Double, upper: Double, description: String)? {
    if case .call(let function, let target, let arguments) = expression[id].kind {
      if function == "size" { return (0, .infinity, "a size is at least 0") }
      if let target, types[Int(target.index)] == .timestamp, let range = Self.accessorRanges[function] {
        let detail = range.note.map { ", \($0)" } ?? ""
        return (
          range.lower, range.upper, "`\(function)` gives \(Int(range.lower)) to \(Int(range.upper))\(detail)"
        )
      }
      if function == "uint", arguments.count == 1 { return (0, .infinity, "a uint is at least 0") }
    }
    if case .variable(let slot)? = references[Int(id.index)], let range = ranges[slot] {
      return (range.lowerBound, range.upperBound, "`\(text(id))` is \(Self.described(range))")
    }
    // Literals near the ends are rounded to them: only what lies beyond is decided.
    if types[Int(id.index)] == .int {
      return ((-0x1p63).nextDown, (0x1p63).nextUp, "an int has 64 bits")
    }
    if types[Int(id.index)] == .uint { return (0, .infinity, "`\(text(id))` is a uint and at least 0") }
    return nil
  }

  private static func described(_ range: ClosedRange<Double>) -> String {
    let (lower, upper) = (DoubleText.text(of: range.lowerBound), DoubleText.text(of: range.upperBound))
    if range.upperBound == .infinity { return "at least \(lower)" }
    return range.lowerBound == -.infinity ? "at most \(upper)" : "from \(lower) to \(upper)"
  }

  private static let accessorRanges: [String: (lower: Double, upper: Double, note: String?)] = [
    "getMonth": (0, 11, "January is 0"), "getDate": (1, 31, nil),
    "getDayOfMonth": (0, 30, "`getDate` counts from 1"),
    "getDayOfYear": (0, 365, "the first of January is 0"), "getDayOfWeek": (0, 6, "Sunday is 0"),
    "getHours": (0, 23, nil), "getMinutes": (0, 59, nil), "getSeconds": (0, 59, nil),
    "getMilliseconds": (0, 999, nil),
  ]

  /// A comparison of two numbers.
  private enum Comparison: String {
    case equal = "_==_"
    case notEqual = "_!=_"
    case less = "_<_"
    case lessOrEqual = "_<=_"
    case greater = "_>_"
    case greaterOrEqual = "_>=_"

    var symbol: Substring { rawValue.dropFirst().dropLast() }

    /// The comparison with its sides exchanged.
    var mirrored: Comparison {
      switch self {
      case .equal, .notEqual: self
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      }
    }

    /// Whether it always (true) or never (false) holds for values from `lower` to `upper`; nil when it depends.
    func outcome(_ lower: Double, _ upper: Double, _ number: Double) -> Bool? {
      let isOutside = number < lower || number > upper
      let (always, never) =
        switch self {
        case .equal: (false, isOutside)
        case .notEqual: (isOutside, false)
        case .less: (upper < number, lower >= number)
        case .lessOrEqual: (upper <= number, lower > number)
        case .greater: (lower > number, upper <= number)
        case .greaterOrEqual: (lower >= number, upper < number)
        }
      return always ? true : never ? false : nil
    }
  }
}
