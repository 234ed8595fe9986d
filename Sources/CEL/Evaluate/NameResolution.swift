/// The names that an environment declares.
struct NameTable {
  private let variables: [String: Int]
  private let constants: [String: Environment.Constant]
  private let prefixes: [String]

  init(_ environment: Environment) {
    variables = Dictionary(
      environment.variables.map { ($0.name, $0.slot) }, uniquingKeysWith: { first, _ in first })
    constants = Dictionary(
      environment.constants.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    prefixes = environment.namePrefixes
  }

  /// What `name` stands for where it was written: within the environment's container unless it is absolute.
  func operation(for name: String, absolute: Bool) -> PlanNode.Operation? {
    if absolute || prefixes.count == 1 { return operation(for: name) }
    for prefix in prefixes {
      if let operation = operation(for: prefix + name) { return operation }
    }
    return nil
  }

  /// A variable, a named constant or a type.
  private func operation(for name: String) -> PlanNode.Operation? {
    if let slot = variables[name] { return .slot(slot) }
    if let constant = constants[name] { return .constant(constant.value, members: constant.members) }
    return CELType.denoted(by: name).map { .constant(.type($0)) }
  }
}

extension PlanBuilder {
  /// An identifier or a selection: the longest declared name wins, what follows are fields.
  mutating func buildName(_ id: NodeID, _ node: Node) -> Int {
    if let built = buildOptionalVariable(id, node) { return built }
    if let operation = resolve(id) {
      guard case .select(_, _, presence: true) = node.kind else { return add(operation, node.span) }
      guard case .slot(let slot) = operation else { return add(.constant(.bool(true)), node.span) }
      return add(.present(slot: slot), node.span)
    }
    switch node.kind {
    case .select(let operand, let field, let presence):
      let built = build(operand)
      return add(
        presence ? .has(operand: built, field: field) : .select(operand: built, field: field), node.span)
    case .identifier(let name, _):
      return add(.failure(Fault(.unknownName, "`\(name)` is not declared")), node.span)
    default:
      return add(.failure(Fault(.invalidArgument, "the expression is damaged")), node.span)
    }
  }

  /// `user.?country` where `user.country` is a name, nil for any other node.
  mutating func buildOptionalVariable(_ id: NodeID, _ node: Node) -> Int? {
    guard let operation = optionalVariable(id) else { return nil }
    let isPresence = if case .select(_, _, presence: true) = node.kind { true } else { false }
    switch operation {
    case .slot(let slot): return add(isPresence ? .present(slot: slot) : .optionalSlot(slot), node.span)
    case .constant(let value, _):
      return add(.constant(isPresence ? .bool(true) : .optional(value)), node.span)
    default: return nil
    }
  }

  private func optionalVariable(_ id: NodeID) -> PlanNode.Operation? {
    if references.indices.contains(Int(id.index)), !references.isEmpty {
      switch references[Int(id.index)] {
      case .optionalVariable(let slot)?: return .slot(slot)
      case .constant(let constant)? where expression.optionalChain(id) != nil:
        return .constant(constant.value)
      default: return nil
      }
    }
    guard let chain = expression.optionalChain(id), chain.isAbsolute || local(chain.name) == nil else {
      return nil
    }
    return names.operation(for: chain.segments.joined(separator: "."), absolute: chain.isAbsolute)
  }

  /// The variable, constant or local that a node names as a whole, or nil.
  private func resolve(_ id: NodeID) -> PlanNode.Operation? {
    if references.indices.contains(Int(id.index)), let reference = references[Int(id.index)] {
      switch reference {
      case .variable(let slot): return .slot(slot)
      // `buildOptionalVariable` has taken it.
      case .optionalVariable: return nil
      case .constant(let constant): return .constant(constant.value, members: constant.members)
      case .local(let name): return local(name)
      }
    }
    // The checker has looked at every selection: one without a reference is a field.
    if !references.isEmpty, case .select = expression[id].kind { return nil }
    guard let path = path(of: id) else { return nil }
    if !path.isAbsolute, let first = path.parts.first, let local = local(first) {
      return path.parts.count == 1 ? local : nil
    }
    return names.operation(for: path.parts.joined(separator: "."), absolute: path.isAbsolute)
  }

  /// The names from the first identifier on, or nil when the chain begins with anything else.
  private func path(of id: NodeID) -> (parts: [String], isAbsolute: Bool)? {
    var parts: [String] = []
    var current = id
    while true {
      guard expression.nodes.indices.contains(Int(current.index)) else { return nil }
      switch expression[current].kind {
      case .identifier(let name, let absolute):
        parts.append(name)
        return (parts.reversed(), absolute)
      case .select(let operand, let field, _) where operand.index < current.index:
        parts.append(field)
        current = operand
      default: return nil
      }
    }
  }

  private func local(_ name: String) -> PlanNode.Operation? {
    scope.lastIndex(of: name).map { .local($0) }
  }
}
