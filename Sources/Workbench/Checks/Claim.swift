internal import CEL
internal import Events
internal import RuleSets

/// What a condition says, as far as it can be told without running it: comparisons with constants, and whatever else as
/// a text that is equal only to itself.
indirect enum Claim {
  case all([Claim])
  case any([Claim])
  case fact(Fact)
  /// The canonical text.
  case other(String)

  /// One comparison of a term with constants.
  struct Fact {
    /// The canonical text of what is compared.
    let term: String
    let relation: Relation
    /// Whole-number terms lie next to each other.
    let isWhole: Bool
    let node: NodeID
  }

  enum Relation {
    case less(Value)
    case lessOrEqual(Value)
    case greater(Value)
    case greaterOrEqual(Value)
    case notEqual(Value)
    case among([Value])

    /// Whether a value is one of those for which it holds; nil where the two cannot be compared.
    func holds(for value: Value) -> Bool? {
      switch self {
      case .less(let bound): value.order(to: bound).map { $0 == .less }
      case .lessOrEqual(let bound): value.order(to: bound).map { $0 != .greater }
      case .greater(let bound): value.order(to: bound).map { $0 == .greater }
      case .greaterOrEqual(let bound): value.order(to: bound).map { $0 != .less }
      case .notEqual(let other): !value.isEqual(to: other)
      case .among(let values): values.contains { value.isEqual(to: $0) }
      }
    }
  }
}

/// What the names in conditions stand for, as far as claims need it.
struct ClaimNames {
  /// Canonical texts of the names of whole numbers.
  let whole: Set<String>

  init(_ rules: RuleSet) {
    let fields = rules.schema.fields.filter { $0.type.celType == .int }.map(\.path)
    let features = rules.features.filter { $0.type == .int }.map(\.name)
    whole = Set((fields + features).map(Self.term))
  }

  /// The canonical text of a dotted name.
  static func term(_ name: String) -> String {
    let parts = name.split(separator: ".")
    return parts.dropFirst().reduce(String(parts.first ?? "")) { "(get \($1) \($0))" }
  }
}

extension Claim {
  /// The claim of a whole condition.
  init(of expression: Expression, _ names: ClaimNames) {
    self = ClaimReader(expression: expression, names: names).claim(expression.root)
  }

  /// Every comparison in it.
  var facts: [Fact] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.facts)
    case .fact(let fact): [fact]
    case .other: []
    }
  }

  /// What must hold in any case.
  var required: [Claim] { if case .all(let parts) = self { parts.flatMap(\.required) } else { [self] } }
}

/// Reads claims out of an expression. Recursion goes as deep as the parser lets expressions nest.
private struct ClaimReader {
  let expression: Expression
  let names: ClaimNames

  func claim(_ id: NodeID) -> Claim {
    guard case .call(let function, nil, let arguments) = expression[id].kind, arguments.count == 2 else {
      return .other(text(id))
    }
    switch function {
    case "_&&_": return .all(arguments.map(claim))
    case "_||_": return .any(arguments.map(claim))
    case "@in": return membership(id, arguments) ?? .other(text(id))
    default: return comparison(id, function, arguments) ?? .other(text(id))
    }
  }

  private func membership(_ id: NodeID, _ arguments: [NodeID]) -> Claim? {
    guard case .list(let members) = expression[arguments[1]].kind else { return nil }
    let values = members.compactMap(constant)
    guard values.count == members.count, !values.isEmpty else { return nil }
    return fact(arguments[0], .among(values), id)
  }

  private func comparison(_ id: NodeID, _ function: String, _ arguments: [NodeID]) -> Claim? {
    if let value = constant(arguments[1]), let relation = Self.relation(function, value) {
      return fact(arguments[0], relation, id)
    }
    if let value = constant(arguments[0]), let mirrored = Self.mirrored[function],
      let relation = Self.relation(mirrored, value)
    {
      return fact(arguments[1], relation, id)
    }
    return nil
  }

  private func fact(_ term: NodeID, _ relation: Claim.Relation, _ id: NodeID) -> Claim? {
    let name = text(term)
    return .fact(Claim.Fact(term: name, relation: relation, isWhole: names.whole.contains(name), node: id))
  }

  private static let mirrored = [
    "_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_", "_==_": "_==_", "_!=_": "_!=_",
  ]

  private static func relation(_ function: String, _ value: Value) -> Claim.Relation? {
    switch function {
    case "_<_": .less(value)
    case "_<=_": .lessOrEqual(value)
    case "_>_": .greater(value)
    case "_>=_": .greaterOrEqual(value)
    case "_==_": .among([value])
    case "_!=_": .notEqual(value)
    default: nil
    }
  }

  private func text(_ id: NodeID) -> String { CanonicalText.of(expression, id) }

  /// A literal, also with a sign, or a span or a moment that is made of one.
  private func constant(_ id: NodeID) -> Value? {
    switch expression[id].kind {
    case .literal(let value): return value
    case .call("-_", nil, let arguments):
      switch arguments.first.flatMap(constant) {
      case .int(let number)? where number != .min: return .int(-number)
      case .double(let number)?: return .double(-number)
      default: return nil
      }
    case .call("duration", nil, let arguments), .call("timestamp", nil, let arguments):
      guard arguments.count == 1, case .literal(.string) = expression[arguments[0]].kind else { return nil }
      let part = Expression(source: expression.source, nodes: expression.nodes, root: id)
      return try? Program(unchecked: part, in: Environment()).evaluate(Frame())
    default: return nil
    }
  }
}
