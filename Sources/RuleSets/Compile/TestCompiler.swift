internal import CEL
internal import Events
internal import OrderedJSON

/// Turns the tests that authors wrote into events as a client would send them.
struct TestCompiler {
  private let schema: Schema
  /// The ids of all rules; nil when a part of them could not be read, so that none can be called unknown.
  private let rules: Set<String>?
  private let declarations: [RuleDeclaration]
  private let features: [CompiledFeatures.Name]
  private let lists: [CompiledList]
  private let findings: Findings
  /// By rule: the only event type that it looks at, where there is one.
  private let onlyTypes: [String: String]
  private let knownPaths: [String]
  private let values: TestValueCheck

  init(
    schema: Schema, rules: Set<String>?, declarations: [RuleDeclaration], features: [CompiledFeatures.Name],
    lists: [CompiledList], findings: Findings
  ) {
    self.schema = schema
    self.rules = rules
    self.declarations = declarations
    self.features = features
    self.lists = lists
    self.findings = findings
    knownPaths = Self.paths(of: schema)
    values = TestValueCheck(schema, findings)
    var onlyTypes: [String: String] = [:]
    for rule in declarations {
      guard let id = rule.id?.value, case .listed(let types)? = rule.types, types.count == 1 else { continue }
      onlyTypes[id] = types[0].value
    }
    self.onlyTypes = onlyTypes
  }

  /// The tests of files, and those that stand in rules.
  func compile(_ files: [RuleSetFile]) -> [AuthorTest] {
    var tests: [AuthorTest] = []
    for rule in declarations where !rule.tests.isEmpty {
      tests += compile(rule.tests, in: TestFileDeclaration(), what: "rule")
    }
    for file in files {
      guard let root = findings.tree(of: file), let declaration = TestFileDeclaration(root, findings) else {
        continue
      }
      checkMembers(declaration.defaults)
      values.check(declaration.defaults, allowsUnknown: false)
      tests += compile(declaration.tests, in: declaration, what: "file")
    }
    return tests
  }

  private func compile(
    _ tests: [TestDeclaration], in file: TestFileDeclaration, what: String
  ) -> [AuthorTest] {
    guard tests.count <= RuleSetLimits.testsMax else {
      findings.error(
        .tooMany, at: tests[RuleSetLimits.testsMax].place,
        "\(tests.count) tests, at most \(RuleSetLimits.testsMax.grouped) are allowed")
      return []
    }
    var names: [String: Diagnostic.Place] = [:]
    for test in tests {
      guard let name = test.name else { continue }
      if let first = names[name.value] {
        findings.warning(
          .repeatedTestName, at: name.place, "there are two tests `\(name.value)` in this \(what)",
          notes: [Diagnostic.Note("the first is here", at: first)])
      }
      names[name.value] = name.place
    }
    return tests.compactMap { compile($0, in: file) }
  }

  private func compile(_ test: TestDeclaration, in file: TestFileDeclaration) -> AuthorTest? {
    if let rule = test.rule { checkRule(rule) }
    checkMembers(test.defaults)
    values.check(test.defaults, allowsUnknown: test.allowsUnknownMembers)
    let overrides = test.lists.compactMap(override)
    let clock = test.clock ?? file.clock
    var time = clock
    var steps: [AuthorTest.Step] = []
    for event in test.events {
      checkMembers(event.members)
      values.check(
        event.members, allowsUnknown: test.allowsUnknownMembers || event.allowsUnknownMembers)
      let expectation = compile(event.expectation)
      switch event.at {
      case .offset(let offset)?: time = clock &+ offset
      case .absolute(let moment)?: time = moment
      case nil: break
      }
      guard steps.count + event.repetitions <= RuleSetLimits.testEventsMax else {
        findings.error(
          .tooMany, at: event.place,
          "more than \(RuleSetLimits.testEventsMax.grouped) events in one test, repetitions included")
        return nil
      }
      guard let type = type(of: event, in: test) else { continue }
      let members = file.defaults + test.defaults + event.members
      let line = findings.line(of: event.place)
      var object: JSONObject?
      for repetition in 0..<event.repetitions {
        if repetition > 0 { time = time &+ event.everyMilliseconds }
        object =
          repeated(object, event, members, time, steps.count + 1)
          ?? self.object(event, type, members, time, steps.count + 1)
        guard let object else { break }
        steps.append(
          AuthorTest.Step(
            json: Array(object.text.utf8), type: schema.types.firstIndex(of: type) ?? 0, time: time,
            expectation: expectation,
            line: line))
      }
    }
    if let expected = test.expectation {
      let expectation = compile(expected)
      if let last = steps.popLast() { steps.append(last.expecting(expectation)) }
    }
    guard let name = test.name else { return nil }
    return AuthorTest(
      name: name.value, rule: test.rule?.value, fires: test.fires, lists: overrides, steps: steps,
      file: name.place.file, line: findings.line(of: name.place))
  }

  private func override(_ declaration: ListDeclaration) -> ListOverride? {
    let name = declaration.name
    guard let list = lists.first(where: { $0.name.value == name.value }) else {
      findings.error(
        .unknownList, at: name.place, "there is no list `\(SourceNode.shortened(name.value))`",
        hint: Choices.hint(for: name.value, among: lists.map(\.name.value), named: "lists"))
      return nil
    }
    guard let source = declaration.source else { return nil }
    guard case .items(let nodes, let declared) = source else {
      findings.error(
        .wrongType, at: name.place, "a test gives a list its items, not a file",
        hint: "write `\(name.value): [a, b]`")
      return nil
    }
    guard
      let (type, items) = ListCompiler(findings).inline(
        nodes, declared ?? (list.elementType == .cidr ? .cidr : nil), declaration)
    else { return nil }
    guard items.isEmpty || type == list.elementType || list.elementType == .error else {
      findings.error(
        .listItem, at: name.place,
        "an item of `\(name.value)` is \(list.elementType.spelled), here it is \(type.spelled)",
        notes: [Diagnostic.Note("the list is here", at: list.name.place)])
      return nil
    }
    return ListOverride(name: name.value, items: items)
  }

  /// Nil when a member has no place or no form in JSON, which is said.
  private func object(
    _ event: TestEventDeclaration, _ type: String, _ members: [TestMember], _ time: Int64, _ number: Int
  ) -> JSONObject? {
    guard let timeText = timeText(time, event) else { return nil }
    var object = JSONObject()
    var isFine = object.set(schema.identity.id, JSONText.quoted(event.id ?? "e\(number)"))
    if case .field(let path) = schema.identity.type {
      isFine = object.set(path, JSONText.quoted(type)) && isFine
    }
    isFine = object.set(schema.identity.time, timeText) && isFine
    for (name, path, value) in [
      ("reverses", schema.identity.reverses, event.reverses),
      ("amends", schema.identity.amends, event.amends),
    ] {
      guard let value else { continue }
      guard let path else {
        findings.error(
          .testMember, at: value.place, "the schema does not say where `\(name)` is found",
          hint: "add `\(name): \(name)` to `event` in `schema.yaml`")
        return nil
      }
      isFine = object.set(path, JSONText.quoted(value.value)) && isFine
    }
    guard isFine else { return nil }
    for member in members where !set(member, in: &object) { return nil }
    return object
  }

  /// The event before it once more, with another id and time: to put all members together again for each of many
  /// repetitions would be most of the time that loading takes. Nil where there is none, or where a member stands in the
  /// place of the id or the time.
  private func repeated(
    _ earlier: JSONObject?, _ event: TestEventDeclaration, _ members: [TestMember], _ time: Int64,
    _ number: Int
  ) -> JSONObject? {
    let paths = [schema.identity.id, schema.identity.time]
    guard var object = earlier, let timeText = timeText(time, event),
      !members.contains(where: { member in paths.contains { Self.meet(member.path.value, $0) } }),
      object.set(paths[0], JSONText.quoted(event.id ?? "e\(number)")), object.set(paths[1], timeText)
    else { return nil }
    return object
  }

  /// Whether one path is the other's, or leads through it.
  private static func meet(_ path: String, _ other: String) -> Bool {
    path == other || path.hasPrefix(other + ".") || other.hasPrefix(path + ".")
  }

  private func set(_ member: TestMember, in object: inout JSONObject) -> Bool {
    let isNull = member.value.node.scalar?.resolved == .null
    let json = isNull ? nil : JSONObject.text(of: member.value.node)
    guard isNull || json != nil else {
      findings.error(
        .testMember, at: member.value.place, "\(member.value.description) cannot be written in JSON")
      return false
    }
    guard object.set(member.path.value, json) else {
      findings.error(
        .testMember, at: member.path.place,
        "`\(member.path.value)` leads through a member that is a value itself",
        hint: "give the members by their full paths")
      return false
    }
    return true
  }

  /// The event's type; where it is left out the only one there is, or the only one that the test's rule looks at.
  private func type(of event: TestEventDeclaration, in test: TestDeclaration) -> String? {
    if let type = event.type {
      if schema.types.contains(type.value) { return type.value }
      findings.error(
        .unknownEventType, at: type.place,
        "the schema has no event type `\(SourceNode.shortened(type.value))`",
        hint: Choices.hint(for: type.value, among: schema.types, named: "event types"),
        replacement: DidYouMean.nearest(to: type.value, among: schema.types))
      return nil
    }
    if case .always(let name) = schema.identity.type { return name }
    if let type = test.rule.flatMap({ onlyTypes[$0.value] }), schema.types.contains(type) { return type }
    findings.error(
      .missingKey, at: event.place, "the event needs `type`",
      hint: "the event types are \(Choices.text(Array(schema.types.prefix(12)), joinedBy: "and"))")
    return nil
  }

  private func timeText(_ time: Int64, _ event: TestEventDeclaration) -> String? {
    guard let moment = Timestamp(milliseconds: time) else {
      findings.error(.badMoment, at: event.place, "the event's time is outside of the years 1 to 9999")
      return nil
    }
    return schema.identity.timeFormat == .unixMilliseconds ? "\(time)" : JSONText.quoted(moment.rfc3339())
  }

  private func compile(_ declaration: TestExpectationDeclaration?) -> AuthorTest.Expectation {
    var expectation = AuthorTest.Expectation()
    guard let declaration else { return expectation }
    expectation.outcome = declaration.outcome
    expectation.score = declaration.score
    let named = (declaration.fired ?? []) + (declaration.shadow ?? [])
    for name in named + declaration.notFired + declaration.notEvaluated { checkRule(name) }
    expectation.fired = declaration.fired?.map(\.value)
    expectation.notFired = declaration.notFired.map(\.value)
    expectation.shadow = declaration.shadow?.map(\.value)
    expectation.notEvaluated = declaration.notEvaluated.map(\.value)
    for (name, value) in declaration.features {
      if !features.contains(where: { $0.name.value == name.value }) {
        findings.error(
          .unknownFeature, at: name.place, "there is no feature `\(SourceNode.shortened(name.value))`",
          hint: Choices.hint(for: name.value, among: features.map(\.name.value), named: "features"),
          replacement: DidYouMean.nearest(to: name.value, among: features.map(\.name.value)))
      }
      if let expected = expected(value) { expectation.features.append((name.value, expected)) }
    }
    return expectation
  }

  private func expected(_ node: SourceNode) -> AuthorTest.ExpectedValue? {
    switch node.node.scalar?.resolved {
    case .null?: return .null
    case .bool(let flag)?: return .bool(flag)
    case .int(let number)?: return .int(number)
    case .double(let number)?: return .double(number)
    case .string(let text)?: return .text(text)
    case .outOfRange?, nil:
      node.mismatch("a feature's value", findings)
      return nil
    }
  }

  private func checkRule(_ name: Located<String>) {
    guard let rules, !rules.contains(name.value) else { return }
    findings.error(
      .unknownRule, at: name.place, "there is no rule `\(SourceNode.shortened(name.value))`",
      hint: Choices.hint(for: name.value, among: rules.sorted(), named: "rules"),
      replacement: DidYouMean.nearest(to: name.value, among: rules))
  }

  /// Warns of members that nothing reads: mostly a name that is misspelled.
  private func checkMembers(_ members: [TestMember]) {
    for member in members {
      let path = member.path.value
      guard
        !knownPaths.contains(where: { Self.meet(path, $0) })
      else {
        continue
      }
      var near = DidYouMean.nearest(to: path, among: knownPaths)
      var hint = near.map { "did you mean `\($0)`?" }
      if case .money(let minor, let currency)? = schema.slot(of: path).map({ schema.fields[$0].type }) {
        hint = "an amount is written at `\(minor)`, its currency at `\(currency)`"
        near = nil
      }
      findings.warning(
        .unknownMember, at: member.path.place, "the schema reads nothing at `\(SourceNode.shortened(path))`",
        hint: hint, replacement: near)
    }
  }

  private static func paths(of schema: Schema) -> [String] {
    let identity = schema.identity
    var paths = [identity.id, identity.time] + [identity.reverses, identity.amends].compactMap { $0 }
    if case .field(let path) = identity.type { paths.append(path) }
    return paths + schema.fields.map(\.jsonPath)
  }
}
