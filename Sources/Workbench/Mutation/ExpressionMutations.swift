internal import CEL

/// The ways in which an expression may be off by one notch.
///
/// Each is an edit of its text. What a macro adds has no text of its own and is never changed; a comparison of
/// integers and its threshold are changed once, not in two ways that mean the same.
struct ExpressionMutations {
  /// One change and what it means.
  struct Found {
    let kind: Mutant.Kind
    let edit: TextEdit
    let difference: Mutant.Difference
    /// What to show beside the change: the comparison or condition around it.
    let shown: Range<Int>
  }

  let checked: CheckedExpression
  private let bytes: [UInt8]
  private var expression: Expression { checked.expression }
  private(set) var found: [Found] = []

  init(_ checked: CheckedExpression) {
    self.checked = checked
    bytes = Array(checked.expression.source.utf8)
    // A macro may hand the same text to several nodes.
    var seen: Set<TextEdit> = []
    for index in checked.expression.nodes.indices { add(NodeID(index)) }
    found = found.filter { seen.insert($0.edit).inserted }
    found.sort {
      ($0.edit.range.lowerBound, $0.edit.replacement) < ($1.edit.range.lowerBound, $1.edit.replacement)
    }
  }

  private mutating func add(_ id: NodeID) {
    guard case .call(let function, let target, let arguments) = expression[id].kind, target == nil else {
      return
    }
    switch (function, arguments.count) {
    case (Operator.greater, 2), (Operator.greaterOrEqual, 2), (Operator.less, 2), (Operator.lessOrEqual, 2),
      (Operator.equal, 2), (Operator.notEqual, 2):
      compare(id, function, arguments[0], arguments[1])
    case (Operator.and, 2), (Operator.or, 2): connect(id, function, arguments[0], arguments[1])
    case (Operator.not, 1): drop(not: id, arguments[0])
    case (Operator.within, 2): dropMembers(of: arguments[1], arguments[0])
    default: break
    }
    if id == expression.root || isLogical(function) { negateBareTerms(of: id, function, arguments) }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
  private func span(_ id: NodeID) -> Range<Int> { expression[id].span.clamped(to: 0..<bytes.count) }

  /// The place of an operator between its operands; nil where a macro made the node.
  private func symbol(_ function: String, _ left: NodeID, _ right: NodeID) -> Range<Int>? {
    guard let symbol = Operator.symbol(of: function), span(left).upperBound <= span(right).lowerBound else {
      return nil
    }
    let gap = span(left).upperBound..<span(right).lowerBound
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    guard let start = gap.first(where: { !blanks.contains(bytes[$0]) }),
      let end = gap.last(where: { !blanks.contains(bytes[$0]) }), text(start..<end + 1) == symbol
    else { return nil }
    return start..<end + 1
  }
}

extension ExpressionMutations {
  private mutating func compare(_ id: NodeID, _ function: String, _ left: NodeID, _ right: NodeID) {
    guard let place = symbol(function, left, right), let other = ComparisonSense.neighbours[function],
      let symbol = Operator.symbol(of: other)
    else { return }
    let comparison = ComparisonSense(function)
    let whole = span(left).lowerBound..<span(right).upperBound
    let (leftBound, rightBound) = (bound(left), bound(right))
    let changed = ComparisonSense(other)
    if let limit = rightBound ?? leftBound {
      let subject = text(span(rightBound == nil ? right : left))
      let difference = Self.difference(
        subject, comparison.mirrored(rightBound == nil), limit.value, changed.mirrored(rightBound == nil),
        limit.value, limit)
      note(.comparison, TextEdit(range: place, replacement: symbol), difference, whole)
    } else {
      let difference = Mutant.Difference.value(
        of: text(span(left)), is: "the same as `\(text(span(right)))`", holds: comparison.holdsForEqual,
        isExact: true)
      note(.comparison, TextEdit(range: place, replacement: symbol), difference, whole)
    }
    // Bounds elsewhere in the comparison, such as factors, are found by `shift`.
    if let leftBound, rightBound == nil {
      shift(left, leftBound, of: right, comparison.mirrored(true), whole, isInteger: isInteger(left, right))
    } else if let rightBound {
      shift(right, rightBound, of: left, comparison, whole, isInteger: isInteger(left, right))
    }
    for side in [left, right] { shiftInside(side, whole, isTop: true) }
  }

  private func isInteger(_ left: NodeID, _ right: NodeID) -> Bool {
    checked.types[Int(left.index)] == .int && checked.types[Int(right.index)] == .int
  }

  /// The two notches of a threshold, without the one that the comparison's neighbour means already.
  private mutating func shift(
    _ literal: NodeID, _ limit: Bound, of subject: NodeID, _ comparison: ComparisonSense, _ whole: Range<Int>,
    isInteger: Bool
  ) {
    for notch in [limit.below, limit.above].compactMap(\.self) {
      if isInteger, comparison.neighbourMeans(above: notch.value > limit.value) { continue }
      let difference = Self.difference(
        text(span(subject)), comparison, limit.value, comparison, notch.value, limit)
      note(.threshold, TextEdit(range: limit.range, replacement: notch.text), difference, whole)
    }
  }

  /// Numbers deeper in a comparison: factors, arguments, positions.
  private mutating func shiftInside(_ id: NodeID, _ whole: Range<Int>, isTop: Bool) {
    if !isTop, let limit = bound(id) {
      for notch in [limit.below, limit.above].compactMap(\.self) {
        note(
          .threshold, TextEdit(range: limit.range, replacement: notch.text), .always(text(whole)), whole)
      }
      return
    }
    guard case .call(let function, _, let arguments) = expression[id].kind, function != "duration" else {
      return
    }
    for argument in arguments { shiftInside(argument, whole, isTop: false) }
  }

  private mutating func note(
    _ kind: Mutant.Kind, _ edit: TextEdit, _ difference: Mutant.Difference, _ shown: Range<Int>
  ) {
    found.append(Found(kind: kind, edit: edit, difference: difference, shown: shown))
  }
}

extension ExpressionMutations {
  private mutating func connect(_ id: NodeID, _ function: String, _ left: NodeID, _ right: NodeID) {
    guard let place = symbol(function, left, right) else { return }
    let isAnd = function == Operator.and
    let whole = span(left).lowerBound..<span(right).upperBound
    note(
      .connective, TextEdit(range: place, replacement: isAnd ? "||" : "&&"),
      .eitherSide(text(span(left)), text(span(right))), whole)
    // Of a chain each term is dropped once: where it stands beside its operator.
    for (term, cut) in [
      (left, span(left).lowerBound..<span(right).lowerBound),
      (right, span(left).upperBound..<span(right).upperBound),
    ] {
      if case .call(function, _, let inner) = expression[term].kind, inner.count == 2,
        symbol(function, inner[0], inner[1]) != nil, bytes[span(term).lowerBound] != UInt8(ascii: "(")
      {
        continue
      }
      note(
        .dropped, TextEdit(range: cut, replacement: ""),
        .condition(text(span(term)), holds: !isAnd, whileOthersHold: isAnd), span(term))
    }
  }

  /// Each member of a list that stands in the condition itself; of one alone its negation is enough.
  private mutating func dropMembers(of list: NodeID, _ subject: NodeID) {
    guard case .list(let members) = expression[list].kind, members.count > 1 else { return }
    let texts = members.map { text(span($0)) }
    for (index, member) in members.enumerated() {
      guard case .literal = expression[member].kind, texts.count(where: { $0 == texts[index] }) == 1 else {
        continue
      }
      let isLast = index == members.count - 1
      let cut =
        isLast
        ? span(members[index - 1]).upperBound..<span(member).upperBound
        : span(member).lowerBound..<span(members[index + 1]).lowerBound
      note(
        .dropped, TextEdit(range: cut, replacement: ""),
        .value(of: text(span(subject)), is: texts[index], holds: true, isExact: true), span(member))
    }
  }

  private mutating func drop(not id: NodeID, _ operand: NodeID) {
    guard span(id).lowerBound < span(operand).lowerBound else { return }
    let place = span(id).lowerBound..<span(operand).lowerBound
    guard text(place).contains("!") else { return }
    let start = place.first { bytes[$0] == UInt8(ascii: "!") } ?? place.lowerBound
    note(
      .negation, TextEdit(range: start..<start + 1, replacement: ""), .always(text(span(id))), span(id))
  }

  /// What is no comparison and no connective, such as a field that is true or false, or `x in list`.
  private mutating func negateBareTerms(of id: NodeID, _ function: String, _ arguments: [NodeID]) {
    let terms = isLogical(function) ? arguments : [id]
    for term in terms where function != Operator.not && isBare(term) { negate(term) }
  }

  /// A condition that is one name and nothing else.
  mutating func negateRootName() {
    if case .call = expression[expression.root].kind { return }
    if isBare(expression.root) { negate(expression.root) }
  }

  private mutating func negate(_ term: NodeID) {
    let place = span(term)
    guard !place.isEmpty else { return }
    note(
      .negation, TextEdit(range: place, replacement: "!(\(text(place)))"), .always(text(place)), place)
  }

  private func isLogical(_ function: String) -> Bool {
    [Operator.and, Operator.or, Operator.not].contains(function)
  }

  private func isBare(_ id: NodeID) -> Bool {
    guard checked.types[Int(id.index)] == .bool else { return false }
    guard case .call(let function, _, _) = expression[id].kind else { return true }
    return !isLogical(function) && ComparisonSense.neighbours[function] == nil
      && function != Operator.conditional
      && function != Operator.notStrictlyFalse
  }
}
