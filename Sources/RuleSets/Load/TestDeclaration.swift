internal import CEL

/// A file in `tests/`, as it is written.
struct TestFileDeclaration {
  var defaults: [TestMember] = []
  var clock: Int64 = TestFileDeclaration.clockDefault
  var tests: [TestDeclaration] = []

  /// 2026-01-05T12:00:00Z, a Monday.
  static let clockDefault: Int64 = 1_767_614_400_000

  /// Where there is no file: for tests that stand in rules.
  init() {}

  init?(_ root: SourceNode, _ findings: Findings) {
    guard root.node.entries != nil else {
      root.mismatch(
        "a file of tests (`key: value` lines)", findings, hint: "begin the list of tests with `tests:`")
      return nil
    }
    guard var reader = MappingReader(root, "a file of tests", findings) else { return nil }
    defaults = reader.take("defaults").map { TestMember.list($0, findings) } ?? []
    clock = reader.take("clock")?.moment(findings)?.value ?? TestFileDeclaration.clockDefault
    let nodes = reader.require("tests", hint: "begin the list of tests with `tests:`")?
      .elements(findings, of: "tests")
    reader.finish()
    tests = (nodes ?? []).compactMap { TestDeclaration($0, findings) }
  }
}

/// One member of an event's JSON, by its dotted path.
struct TestMember {
  let path: Located<String>
  let value: SourceNode

  static func list(_ node: SourceNode, _ findings: Findings) -> [TestMember] {
    (node.namedEntries(findings, of: "values") ?? []).map { TestMember(path: $0.name, value: $0.value) }
  }
}

/// One test, as it is written.
struct TestDeclaration {
  var name: Located<String>?
  var rule: Located<String>?
  var fires: Bool?
  /// Lists that have other items in this test.
  var lists: [ListDeclaration] = []
  var defaults: [TestMember] = []
  var clock: Int64?
  /// Its events may have members that their enumeration does not have.
  var allowsUnknownMembers = false
  var events: [TestEventDeclaration] = []
  /// What is expected of the last event.
  var expectation: TestExpectationDeclaration?
  let place: Diagnostic.Place

  /// - Parameter owner: the rule in which the test stands, nil for a test in a file of tests.
  init?(_ node: SourceNode, of owner: Located<String>? = nil, _ findings: Findings) {
    guard var reader = MappingReader(node, "a test", findings) else { return nil }
    place = reader.head
    name = reader.require("name", hint: "say what the test shows")?
      .text(findings, bytesMax: RuleSetLimits.titleBytesMax)
    readRule(&reader, owner, findings)
    lists = (reader.take("lists")?.namedEntries(findings, of: "values") ?? []).map {
      ListDeclaration($0.name, $0.value, findings)
    }
    defaults = reader.take("defaults").map { TestMember.list($0, findings) } ?? []
    clock = reader.take("clock")?.moment(findings)?.value
    allowsUnknownMembers = reader.take("unknown_members")?.flag(findings)?.value ?? false
    let nodes = reader.require("events", hint: "a test is a list of events")?.elements(findings, of: "events")
    if let nodes, nodes.isEmpty {
      findings.error(
        .outOfRange, at: place, "a test without events shows nothing", hint: "add one to `events`")
    }
    let expected = reader.take("expect")
    expectation = expected.flatMap { TestExpectationDeclaration($0, findings) }
    reader.finish()
    events = (nodes ?? []).compactMap { TestEventDeclaration($0, findings) }
    if let expected, events.last?.expectation != nil {
      findings.error(
        .conflictingKeys, at: expected.place, "the last event says itself what is expected of it",
        hint: "write both into one `expect`")
    }
    let says = fires != nil || expectation != nil || events.contains { $0.expectation != nil }
    if owner != nil, !says {
      findings.error(
        .missingKey, at: place, "the test says nothing of its rule",
        hint: "say `fires: true` or `fires: false` for the last event")
    }
  }

  private mutating func readRule(
    _ reader: inout MappingReader, _ owner: Located<String>?, _ findings: Findings
  ) {
    let named = reader.take("rule")?.text(findings)
    let firesNode = reader.take("fires")
    fires = firesNode?.flag(findings)?.value
    rule = owner ?? named
    if owner != nil {
      guard let named else { return }
      findings.error(
        .conflictingKeys, at: named.place, "the test stands in the rule it is about", hint: "take `rule` out")
      return
    }
    if rule != nil, firesNode == nil {
      findings.error(
        .missingKey, at: rule?.place ?? place, "a test about a rule needs `fires`",
        hint: "say `fires: true` or `fires: false` for the last event")
    }
    if let firesNode, !reader.has("rule") {
      findings.error(
        .missingKey, at: firesNode.place, "`fires` needs the `rule` it is about", hint: "add `rule: ID`")
    }
  }
}

/// One event of a test, as it is written.
struct TestEventDeclaration {
  enum Moment {
    /// Milliseconds from the clock.
    case offset(Int64)
    case absolute(Int64)
  }

  var type: Located<String>?
  var at: Moment?
  var id: String?
  var members: [TestMember] = []
  var allowsUnknownMembers = false
  var repetitions = 1
  var everyMilliseconds: Int64 = 0
  var reverses: Located<String>?
  var amends: Located<String>?
  var expectation: TestExpectationDeclaration?
  let place: Diagnostic.Place

  init?(_ node: SourceNode, _ findings: Findings) {
    guard var reader = MappingReader(node, "an event", findings) else { return nil }
    place = node.place
    type = reader.take("type")?.text(findings)
    at = reader.take("at").flatMap { Self.moment($0, findings) }
    id = reader.take("id")?.text(findings, bytesMax: 128)?.value
    members = reader.take("with").map { TestMember.list($0, findings) } ?? []
    allowsUnknownMembers = reader.take("unknown_members")?.flag(findings)?.value ?? false
    repetitions =
      reader.take("repeat")?.integer(findings, in: 1...RuleSetLimits.testEventsMax)?.value ?? 1
    everyMilliseconds =
      reader.take("every")?.duration(findings, in: 0...RuleSetLimits.spanMillisecondsMax)?.value ?? 0
    reverses = reader.take("reverses")?.text(findings)
    amends = reader.take("amends")?.text(findings)
    expectation = reader.take("expect").flatMap { TestExpectationDeclaration($0, findings) }
    reader.finish()
  }

  private static func moment(_ node: SourceNode, _ findings: Findings) -> Moment? {
    let text = node.node.scalar?.text ?? ""
    let isEarlier = text.hasPrefix("-")
    if let offset = DurationLiteral.milliseconds(String(text.drop { $0 == "-" || $0 == "+" })),
      offset <= RuleSetLimits.spanMillisecondsMax
    {
      return .offset(isEarlier ? -offset : offset)
    }
    if let moment = Timestamp(rfc3339: text) { return .absolute(moment.milliseconds) }
    let meant = DurationLiteral.meant(by: text)
    findings.error(
      .badMoment, at: node.place, "expected a span of time or a moment, found \(node.description)",
      hint: meant.map { "write `\($0)`" }
        ?? "write how long after the clock, such as `90m`, or a moment such as `2026-01-05T13:30:00Z`",
      replacement: meant)
    return nil
  }
}

/// What a test expects of an event, as it is written.
struct TestExpectationDeclaration {
  var outcome: Outcome?
  var score: Int?
  var fired: [Located<String>]?
  var notFired: [Located<String>] = []
  var shadow: [Located<String>]?
  var notEvaluated: [Located<String>] = []
  var features: [(name: Located<String>, value: SourceNode)] = []

  init?(_ node: SourceNode, _ findings: Findings) {
    guard var reader = MappingReader(node, "`expect`", findings) else { return nil }
    outcome = reader.take("outcome")?.choice(findings)?.value
    score = reader.take("score")?.integer(findings, in: 0...Int(Int32.max))?.value
    fired = reader.take("fired")?.texts(findings, of: "rule ids", allowsOne: true)
    notFired = reader.take("not_fired")?.texts(findings, of: "rule ids", allowsOne: true) ?? []
    shadow = reader.take("shadow")?.texts(findings, of: "rule ids", allowsOne: true)
    notEvaluated =
      reader.take("not_evaluated")?.texts(findings, of: "rule ids", allowsOne: true) ?? []
    features = reader.take("features")?.namedEntries(findings, of: "values") ?? []
    reader.finish()
  }
}
