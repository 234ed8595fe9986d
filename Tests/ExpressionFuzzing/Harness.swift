package import CEL
internal import CELRegex

/// What an input of the fuzzer is given to, and the promises that are held against every input.
package enum Harness: String, CaseIterable, Sendable {
  /// The input is a source: it is parsed or refused, at places within it.
  case parse
  /// The input is a source: its names and types are checked, and its cost is bounded.
  case check
  /// A source, a zero byte, and what its variables are made of: it runs within its budget and within its bound.
  case run
  /// The same, with values of any type: every faster form answers as the tree walker does.
  case compiled

  /// The budget of an evaluation: small, so that many inputs are run.
  private static let stepsMax = 20_000

  /// The names that a source may use.
  package static let environment: Environment = {
    var limits = Limits()
    limits.stepsMax = stepsMax
    return Environment(
      variables: FuzzFrame.variables,
      constants: [
        Environment.Constant(
          name: "known", type: .list(.string), value: .list((0..<20).map { .string("v\($0)") }))
      ],
      regularExpressions: RE2Engine(), limits: limits,
      sizes: InputSizes(
        usual: InputSizes.Extent(
          textBytesMax: FuzzFrame.textBytesMax, elementsMax: FuzzFrame.elementsMax)))
  }()

  /// Ends the process where a promise is broken.
  package func run(_ bytes: some Collection<UInt8>) {
    let end = self == .parse || self == .check ? bytes.endIndex : bytes.firstIndex(of: 0) ?? bytes.endIndex
    let source = String(decoding: bytes[..<end], as: UTF8.self)
    guard let expression = parsed(source) else { return }
    switch self {
    case .parse: break
    case .check: _ = checked(expression)
    case .run, .compiled:
      var frame = FuzzFrame(bytes[end...].dropFirst(), keepsTypes: self == .run)
      var programs = [Program(unchecked: expression, in: Self.environment)]
      if let sound = checked(expression) { programs.append(sound) }
      for program in programs { compare(program, frame.make()) }
    }
  }

  private func parsed(_ source: String) -> Expression? {
    do throws(ExpressionDiagnostics) {
      let expression = try Expression.parse(source)
      let length = source.utf8.count
      for (index, node) in expression.nodes.enumerated() {
        require(node.span.lowerBound >= 0 && node.span.upperBound <= length, "a node stands in the source")
        node.kind.forEachChild { require(Int($0.index) < index, "children come before their parents") }
      }
      return expression
    } catch {
      hold(error.all, to: source)
      return nil
    }
  }

  private func checked(_ expression: Expression) -> Program? {
    do throws(ExpressionDiagnostics) {
      let checked = try expression.check(in: Self.environment)
      require(checked.types.count == expression.nodes.count, "every node has a type")
      require(checked.warnings.allSatisfy { $0.severity == .warning }, "warnings do not keep it from running")
      for warning in checked.warnings { hold(warning, to: expression.source) }
      return try Program(checked, in: Self.environment)
    } catch {
      hold(error.all, to: expression.source)
      return nil
    }
  }

  private func hold(_ findings: [ExpressionDiagnostic], to source: String) {
    require(!findings.isEmpty, "whoever refuses says why")
    for finding in findings { hold(finding, to: source) }
  }

  private func hold(_ finding: ExpressionDiagnostic, to source: String) {
    require(
      finding.span.lowerBound >= 0 && finding.span.upperBound <= source.utf8.count,
      "a finding stands in the source")
    require(!finding.message.isEmpty && !finding.message.hasSuffix("."), "a message without a final period")
  }

  private func compare(_ program: Program, _ frame: Frame) {
    let (walked, steps) = program.measure(frame)
    if self == .run {
      require(steps <= Self.stepsMax, "the budget is kept")
      if let bound = program.stepsBound(in: Self.environment) {
        require(steps <= bound, "\(steps) steps were taken, where \(bound) is the bound")
      }
      return
    }
    let reference = Outcome(walked)
    let evaluated = Outcome { () throws(EvaluationFailure) in try program.evaluate(frame) }
    require(evaluated == reference, "\(evaluated) where the tree walker has \(reference)")
    let held = Outcome { () throws(EvaluationFailure) in .bool(try program.holds(frame)) }
    require(held == reference.asCondition, "\(held) where the tree walker has \(reference)")
  }
}

/// Ends the process, with the reason on standard error.
private func require(_ holds: Bool, _ promise: @autoclosure () -> String) {
  if !holds { fatalError("broken promise: \(promise())") }
}
