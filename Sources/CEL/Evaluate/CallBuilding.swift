extension PlanBuilder {
  /// A function or an operator, by name and number of values.
  mutating func buildCall(
    _ function: String, target: NodeID?, _ arguments: [NodeID], _ span: Range<Int>
  ) -> Int {
    var operands: [Int] = []
    if let target { operands.append(build(target)) }
    for argument in arguments { operands.append(build(argument)) }
    let isMethod = target != nil
    switch operands.count {
    case 1:
      if let unary = UnaryFunction(name: function, isMethod: isMethod) {
        return buildUnary(unary, operands[0], span)
      }
    case 2:
      if let operation = logical(function, operands) { return add(operation, span) }
      if function == "matches" { return buildMatches(text: operands[0], pattern: operands[1], span) }
      if isMethod, let part = TimePart(rawValue: function) { return buildZoned(part, operands, span) }
      if let binary = BinaryFunction(name: function, isMethod: isMethod) {
        return buildBinary(binary, operands[0], operands[1], span)
      }
    case 3 where function == "_?_:_":
      return add(.conditional(condition: operands[0], then: operands[1], otherwise: operands[2]), span)
    default: break
    }
    if let operation = buildExtension(function, isMethod: isMethod, operands) {
      return add(folded(operation) ?? operation, span)
    }
    return add(.failure(Fault(.unknownFunction, "there is no function `\(function)` of this shape")), span)
  }

  /// A function or an operator of an extension that is on.
  private func buildExtension(_ function: String, isMethod: Bool, _ operands: [Int]) -> PlanNode.Operation? {
    if environment.extensions.contains(.optionals), operands.count == 2 {
      switch function {
      case Operator.optionalSelect:
        if case .string(let field)? = constant(operands[1]) {
          return .optionalSelect(operand: operands[0], field: field)
        }
      case Operator.optionalIndex: return .optionalIndex(operand: operands[0], index: operands[1])
      case "or" where isMethod, "orValue" where isMethod:
        return .optionalOr(operands[0], operands[1], unwraps: function == "orValue")
      default: break
      }
    }
    let found = ExtensionFunction.named(
      function, isMethod: isMethod, count: operands.count, in: environment.extensions)
    return found.map { ranges($0, operands) ?? .call($0, operands) }
  }

  /// A search in many constant ranges of addresses.
  private func ranges(_ function: ExtensionFunction, _ operands: [Int]) -> PlanNode.Operation? {
    guard function.name == AddressFunctions.containsIP,
      case .constant(.list(let members), let prepared) = nodes[operands[0]].operation,
      let ranges = prepared?.ranges ?? AddressRanges(members)
    else { return nil }
    return .withinRanges(
      operands[1], ranges, acceptsMapped: environment.extensions.contains(.mappedAddresses))
  }

  /// The result of a call with constants, such as `cidr("10.0.0.0/8")`, where it is cheap to have; a call that fails does
  /// so when it is met.
  private func folded(_ operation: PlanNode.Operation) -> PlanNode.Operation? {
    guard case .call(let function, let operands) = operation else { return nil }
    let values = operands.compactMap { constant($0) }
    var budget = Budget(steps: foldingStepsMax)
    guard values.count == operands.count, let result = try? function(values, &budget) else { return nil }
    return .constant(result)
  }

  /// What one call with constants may cost when a program is made.
  private var foldingStepsMax: Int { 256 }

  private func logical(_ function: String, _ operands: [Int]) -> PlanNode.Operation? {
    switch function {
    case "_&&_": .and(operands[0], operands[1])
    case "_||_": .or(operands[0], operands[1])
    default: nil
    }
  }

  /// Conversions of constants, such as `duration("24h")`, are done once; those that fail do so when they are met.
  private mutating func buildUnary(_ function: UnaryFunction, _ operand: Int, _ span: Range<Int>) -> Int {
    var budget = Budget.unlimited
    if function.isFoldable, let value = constant(operand), let result = try? function(value, &budget) {
      return add(.constant(result), span)
    }
    return add(.unary(function, operand), span)
  }

  private mutating func buildBinary(
    _ function: BinaryFunction, _ left: Int, _ right: Int, _ span: Range<Int>
  ) -> Int {
    if function == .within, case .constant(.list(let members), let prepared) = nodes[right].operation,
      members.count > searchedMembersMax
    {
      return add(.withinSet(left, prepared ?? ValueSet(members)), span)
    }
    return add(.binary(function, left, right), span)
  }

  /// Lists of more constants than this are looked up through a hash set.
  private var searchedMembersMax: Int { 8 }

  private mutating func buildMatches(text: Int, pattern: Int, _ span: Range<Int>) -> Int {
    guard case .string(let source)? = constant(pattern), let engine = environment.regularExpressions else {
      if environment.regularExpressions == nil {
        report(.noRegularExpressions, span, "`matches` is not available here")
      }
      return add(.matchesDynamic(text: text, pattern: pattern), span)
    }
    do {
      return add(.matches(text: text, try engine.compile(source)), span)
    } catch {
      let place = error.offset.map { " at byte \($0)" } ?? ""
      let message = "the pattern is no regular expression: \(error.message)\(place)"
      report(.badPattern, nodes[pattern].span, message)
      return add(.failure(Fault(.invalidArgument, message)), span)
    }
  }

  private mutating func buildZoned(_ part: TimePart, _ operands: [Int], _ span: Range<Int>) -> Int {
    if case .string(let name)? = constant(operands[1]), let epoch = Timestamp(seconds: 0),
      TimeZoneOffset.seconds(of: name, at: epoch, environment.timeZones) == nil
    {
      let message =
        environment.timeZones == nil
        ? "named time zones are not available here" : "there is no time zone `\(name)`"
      report(.unknownTimeZone, nodes[operands[1]].span, message)
    }
    return add(.zonedTimePart(part, timestamp: operands[0], zone: operands[1]), span)
  }

  private mutating func report(_ code: ExpressionDiagnostic.Code, _ span: Range<Int>, _ message: String) {
    diagnostics.append(ExpressionDiagnostic(code, span, message))
  }
}
