extension Checker {
  /// A function, method or operator: the first signature that takes the arguments gives the type; where several take
  /// them because something is `dyn` and their results differ, the result is `dyn` also.
  mutating func checkCall(
    _ id: NodeID, _ function: String, _ target: NodeID?, _ arguments: [NodeID]
  ) -> CELType {
    if function == Operator.optionalSelect, target == nil, arguments.count == 2 {
      return checkOptionalVariable(id) ?? checkOptionalSelect(arguments)
    }
    if let target, let namespace = unknownNamespace(target) {
      let types = arguments.map { check($0) }
      self.types[Int(target.index)] = .error
      reportUnknownFunction(id, "\(namespace).\(function)", nil, types)
      return .error
    }
    let operands = (target.map { [$0] } ?? []) + arguments
    let operandTypes = operands.map { check($0) }
    switch function {
    case Operator.equal, Operator.notEqual:
      if operands.count == 2 { checkEquality(id, function, operands[0], operands[1]) }
      return .bool
    case Operator.within:
      if operands.count == 2 {
        checkMembership(id, operands[0], operands[1])
        checkMembers(id, operands[0], operands[1])
      }
      return .bool
    default: break
    }
    let named = functions[function]
    guard !named.isEmpty else {
      reportUnknownFunction(id, function, target, operandTypes)
      return .error
    }
    let styled = named.filter { $0.isMethod == (target != nil) }
    guard !styled.isEmpty else {
      reportCallStyle(id, function, operands)
      return Self.commonResult(named)
    }
    let counted = styled.filter { $0.parameters.count == operands.count }
    guard !counted.isEmpty else {
      reportArgumentCount(id, function, styled, operands.count)
      return Self.commonResult(styled)
    }
    let results = counted.compactMap { $0.result(for: operandTypes) }
    guard let first = results.first else {
      reportNoOverload(id, function, target, operands, counted)
      return Self.commonResult(counted)
    }
    if operands.count == 1, target == nil { checkConversion(function, operands[0]) }
    if let last = operands.last, extensions.contains(.network) { checkAddress(function, target, last) }
    if operands.count == 2 {
      checkOrder(id, function, operands[0], operands[1])
      checkSecondOperand(id, function, operands[0], operands[1])
    }
    if results.allSatisfy({ $0 == first }) { return first }
    return operandTypes.contains(.error) ? .error : .dyn
  }

  /// The `math` of `math.foo(1)`, where no value has that name.
  private func unknownNamespace(_ target: NodeID) -> String? {
    guard case .identifier(let name, let absolute) = expression[target].kind,
      ExtensionFunction.namespaces.contains(name), locals[name]?.isEmpty != false,
      names.meaning(of: name, absolute: absolute) == nil
    else { return nil }
    return name
  }

  /// The type that a call has whichever signature was meant, so that what contains it can still be checked.
  private static func commonResult(_ overloads: [Overload]) -> CELType {
    guard let first = overloads.first?.result, overloads.allSatisfy({ $0.result == first }) else {
      return .error
    }
    return if case .variable = first { .error } else { first }
  }

  /// A comprehension: `types` of its accumulator's nodes are those during the fold.
  mutating func checkFold(_ id: NodeID, _ fold: Node.Comprehension) -> CELType {
    let range = check(fold.range)
    // What the first variable holds, and the second one if there is any.
    let elements: (first: CELType, second: CELType)
    switch range {
    case .list(let type): elements = fold.secondVariable == nil ? (type, type) : (.int, type)
    case .map(let key, let value): elements = (key, value)
    case _ where range.isOpen: elements = (range, range)
    default:
      findings.add(
        .notIterable, expression[fold.range].span,
        "`\(text(fold.range))` is `\(range.displayName)`, neither list nor map")
      elements = (.error, .error)
    }
    reportHiddenNames(id, fold)
    let initial = check(fold.initial)
    locals[fold.accumulator, default: []].append(initial)
    locals[fold.variable, default: []].append(elements.first)
    if let second = fold.secondVariable { locals[second, default: []].append(elements.second) }
    _ = check(fold.condition)
    _ = check(fold.step)
    if let second = fold.secondVariable { _ = locals[second]?.popLast() }
    _ = locals[fold.variable]?.popLast()
    _ = locals[fold.accumulator]?.popLast()
    locals[fold.accumulator, default: []].append(collectedType(fold, initial))
    defer { _ = locals[fold.accumulator]?.popLast() }
    return check(fold.result)
  }

  /// The type of the list that `map` and `filter` build, which begins empty and so does not tell.
  private func collectedType(_ fold: Node.Comprehension, _ initial: CELType) -> CELType {
    if case .map(let entries) = expression[fold.initial].kind, entries.isEmpty {
      return initial.joined(with: types[Int(fold.step.index)])
    }
    guard case .list(let elements) = expression[fold.initial].kind, elements.isEmpty else { return initial }
    var step = fold.step
    while case .call(Operator.conditional, nil, let arguments) = expression[step].kind, arguments.count == 3 {
      step = arguments[1]
    }
    guard case .call(Operator.add, nil, let arguments) = expression[step].kind, arguments.count == 2 else {
      return initial
    }
    return types[Int(arguments[1].index)]
  }

  private mutating func reportHiddenNames(_ id: NodeID, _ fold: Node.Comprehension) {
    for name in [fold.variable, fold.secondVariable, fold.accumulator].compactMap(\.self)
    where names[name] != nil || names.isBeginning(name) {
      findings.add(
        .hiddenName, severity: .warning, expression[id].span,
        "the variable `\(name)` hides a declared name", hint: "choose another name for the variable")
    }
  }

  /// Whether a node is the accumulator of a macro, which no author wrote.
  func isAccumulator(_ id: NodeID) -> Bool {
    if case .identifier(Macro.accumulator, _) = expression[id].kind { true } else { false }
  }
}
