internal import CEL

/// Parses, checks and compiles the expressions of a rule set over one set of names.
///
/// An expression is first checked over the names that begin like one of its own words: a rule set with a thousand
/// features and ten thousand rules would otherwise spend seconds on names that no one reads. Only when that fails is
/// it checked over all names, which suggestions need.
struct ExpressionCompiler {
  private let environment: Environment
  private let findings: Findings
  private let variables: [String: [Environment.Variable]]
  private let constants: [String: [Environment.Constant]]

  struct Compiled {
    let checked: CheckedExpression
    let program: Program
  }

  init(_ environment: Environment, _ findings: Findings) {
    self.environment = environment
    self.findings = findings
    variables = Dictionary(grouping: environment.variables) { Self.firstWord(of: $0.name) }
    constants = Dictionary(grouping: environment.constants) { Self.firstWord(of: $0.name) }
  }

  /// Nil when anything was wrong, which was said at its place; `explain` may put an error into words that fit better.
  func compile(
    _ text: SourceString, expecting expected: CELType? = nil,
    explain: (ExpressionDiagnostic) -> ExpressionDiagnostic = { $0 }
  ) -> Compiled? {
    do throws(ExpressionDiagnostics) {
      let expression = try Expression.parse(text.value, limits: environment.limits)
      let near = environment(of: expression)
      let compiled: Compiled
      if let checked = try? expression.check(in: near, expecting: expected) {
        compiled = Compiled(checked: checked, program: try Program(checked, in: near))
      } else {
        let checked = try expression.check(in: environment, expecting: expected)
        compiled = Compiled(checked: checked, program: try Program(checked, in: environment))
      }
      findings.add(compiled.checked.warnings, in: text)
      return compiled
    } catch {
      findings.add(error.all.map { explain(wayOut($0, in: text)) }, in: text)
      return nil
    }
  }

  /// What is too costly for a rule set may still be meant, and a name that resembles none may be one to declare.
  private func wayOut(_ finding: ExpressionDiagnostic, in text: SourceString) -> ExpressionDiagnostic {
    let way: String
    switch ExpressionDiagnostic.Code(rawValue: finding.code) {
    case .hasArgument:
      guard let hint = presenceHint(for: text.part(finding.span)) else { return finding }
      way = hint
    case .unknownFunction where Self.clocks.contains(text.part(finding.span).lowercased()):
      way = "an event knows its own time only: `event.time`"
    case .badDuration:
      guard let meant = DurationLiteral.meant(by: text.part(finding.span).filter { !"\"'".contains($0) }),
        let milliseconds = DurationLiteral.milliseconds(meant)
      else { return finding }
      return ExpressionDiagnostic(
        code: finding.code, severity: finding.severity, span: finding.span, message: finding.message,
        hint: "write `duration(\"\(DurationLiteral.inHours(milliseconds))\")`")
    case .tooCostly: way = "`max_expression_steps` in `ruleset.yaml` is the limit"
    case .unknownName where finding.hint?.hasPrefix("the names") ?? true:
      way = "declare a field in `schema.yaml`, a feature in `features.yaml`"
    default: return finding
    }
    return ExpressionDiagnostic(
      code: finding.code, severity: finding.severity, span: finding.span, message: finding.message,
      hint: (finding.hint.map { $0 + "; " } ?? "") + way)
  }

  /// What other languages call the present moment.
  private static let clocks: Set = ["now", "today", "current_timestamp", "currenttime", "getdate", "time"]

  /// What to ask with `has()` instead of a name that is no field with a dot.
  private func presenceHint(for name: String) -> String? {
    let members = environment.variables.map(\.name).filter { $0.hasPrefix(name + ".") }
    if let first = members.first {
      return
        "name a field below it: \(Choices.text(members.count > 8 ? [first] : members.map { "has(\($0))" }))"
    }
    if environment.variables.contains(where: { $0.name == name }) {
      return
        "`\(name)` has no dot in its name: compare it, and `on_missing` says what follows where it is missing"
    }
    let dotted = environment.variables.map(\.name).filter { $0.contains(".") && !$0.hasPrefix("event.") }
    let beginnings = Set(dotted.map(Self.firstWord)).sorted()
    if let near = DidYouMean.nearest(to: name, among: beginnings) {
      return "did you mean a field below `\(near)`?"
    }
    return beginnings.isEmpty ? nil : "there are fields below \(Choices.text(beginnings, joinedBy: "and"))"
  }

  private func environment(of expression: Expression) -> Environment {
    var words: Set<String> = []
    for node in expression.nodes {
      switch node.kind {
      case .identifier(let name, _): words.insert(name)
      case .comprehension(let fold):
        words.formUnion([fold.variable, fold.accumulator])
        if let second = fold.secondVariable { words.insert(second) }
      default: break
      }
    }
    var near = environment
    let sorted = words.sorted()
    near.variables = sorted.flatMap { variables[$0] ?? [] }
    near.constants = sorted.flatMap { constants[$0] ?? [] }
    return near
  }

  private static func firstWord(of name: String) -> String { String(name.prefix { $0 != "." }) }
}

extension CheckedExpression {
  /// The slot that the whole expression names and nothing else.
  var namedSlot: Int? {
    if case .variable(let slot)? = references[Int(expression.root.index)], !isPresenceTest(expression.root) {
      slot
    } else {
      nil
    }
  }

  /// The named lists that it reads, each once, by name.
  var lists: [Environment.Constant] {
    var lists: [String: Environment.Constant] = [:]
    for case .constant(let constant)? in references {
      if case .list = constant.value { lists[constant.name] = constant }
    }
    return lists.values.sorted { $0.name < $1.name }
  }

  /// The slots that it asks about with `has()`, or reads with `.?`.
  var testedSlots: Set<Int> {
    var slots: Set<Int> = []
    for (index, reference) in references.enumerated() {
      switch reference {
      case .variable(let slot)? where isPresenceTest(NodeID(index)): slots.insert(slot)
      case .optionalVariable(let slot)?: slots.insert(slot)
      default: break
      }
    }
    return slots
  }

  /// The slots whose values it reads: without those that it asks about with `has()` only.
  var valueSlots: [Int] {
    var slots: Set<Int> = []
    for (index, reference) in references.enumerated() {
      switch reference {
      case .variable(let slot)?, .optionalVariable(let slot)?:
        if !isPresenceTest(NodeID(index)) { slots.insert(slot) }
      default: break
      }
    }
    return slots.sorted()
  }

  private func isPresenceTest(_ id: NodeID) -> Bool {
    if case .select(_, _, let presence) = expression[id].kind { presence } else { false }
  }
}
