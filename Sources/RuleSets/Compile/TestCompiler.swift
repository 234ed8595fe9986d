internal import CEL
internal import Events

/// Turns the tests that authors wrote into events as a client would send them.
struct TestCompiler {
  let schema: Schema
  /// The ids of all rules; nil when a part of them could not be read, so that none can be called unknown.
  let rules: Set<String>?
  let features: [CompiledFeatures.Name]
  let findings: Findings

  func compile(_ file: RuleSetFile) -> [AuthorTest] {
    guard let root = findings.tree(of: file), let declaration = TestFileDeclaration(root, findings) else {
      return []
    }
    checkMembers(declaration.defaults)
    guard declaration.tests.count <= RuleSetLimits.testsMax else {
      findings.error(
        .tooMany, at: declaration.tests[RuleSetLimits.testsMax].place,
        "\(declaration.tests.count) tests, at most \(RuleSetLimits.testsMax.grouped) are allowed")
      return []
    }
    var names: [String: Diagnostic.Place] = [:]
    for test in declaration.tests {
      guard let name = test.name else { continue }
      if let first = names[name.value] {
        findings.warning(
          .repeatedTestName, at: name.place, "there are two tests `\(name.value)` in this file",
          notes: [Diagnostic.Note("the first is here", at: first)])
      }
      names[name.value] = name.place
    }
    return declaration.tests.compactMap { compile($0, in: declaration) }
  }

  private func compile(_ test: TestDeclaration, in file: TestFileDeclaration) -> AuthorTest? {
    if let rule = test.rule { checkRule(rule) }
    checkMembers(test.defaults)
    let clock = test.clock ?? file.clock
    var time = clock
    var number = 0
    var steps: [AuthorTest.Step] = []
    for event in test.events {
      checkMembers(event.members)
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
      for repetition in 0..<event.repetitions {
        if repetition > 0 { time = time &+ event.everyMilliseconds }
        number += 1
        let members = file.defaults + test.defaults + event.members
        guard let json = json(event, members, time, number) else { break }
        steps.append(
          AuthorTest.Step(json: json, expectation: expectation, line: findings.line(of: event.place)))
      }
    }
    guard let name = test.name else { return nil }
    return AuthorTest(
      name: name.value, rule: test.rule?.value, fires: test.fires, steps: steps, file: name.place.file,
      line: findings.line(of: name.place))
  }

  /// Nil when a member has no place or no form in JSON, which is said.
  private func json(
    _ event: TestEventDeclaration, _ members: [TestMember], _ time: Int64, _ number: Int
  ) -> [UInt8]? {
    guard let type = type(of: event), let timeText = timeText(time, event) else { return nil }
    var object = JSONObject()
    var isFine = object.set(schema.identity.id, JSONObject.quoted(event.id ?? "e\(number)"))
    if case .field(let path) = schema.identity.type {
      isFine = object.set(path, JSONObject.quoted(type)) && isFine
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
      isFine = object.set(path, JSONObject.quoted(value.value)) && isFine
    }
    guard isFine else { return nil }
    for member in members where !set(member, in: &object) { return nil }
    return Array(object.text.utf8)
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

  private func type(of event: TestEventDeclaration) -> String? {
    if let type = event.type {
      if schema.types.contains(type.value) { return type.value }
      findings.error(
        .unknownEventType, at: type.place,
        "the schema has no event type `\(SourceNode.shortened(type.value))`",
        hint: Choices.hint(for: type.value, among: schema.types, named: "event types"))
      return nil
    }
    if case .always(let name) = schema.identity.type { return name }
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
    return schema.identity.timeFormat == .unixMilliseconds ? "\(time)" : JSONObject.quoted(moment.rfc3339())
  }

  private func compile(_ declaration: TestExpectationDeclaration?) -> AuthorTest.Expectation {
    var expectation = AuthorTest.Expectation()
    guard let declaration else { return expectation }
    expectation.outcome = declaration.outcome
    expectation.score = declaration.score
    for name in (declaration.fired ?? []) + declaration.notFired { checkRule(name) }
    expectation.fired = declaration.fired?.map(\.value)
    expectation.notFired = declaration.notFired.map(\.value)
    for (name, value) in declaration.features {
      if !features.contains(where: { $0.name.value == name.value }) {
        findings.error(
          .unknownFeature, at: name.place, "there is no feature `\(SourceNode.shortened(name.value))`",
          hint: Choices.hint(for: name.value, among: features.map(\.name.value), named: "features"))
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
      hint: Choices.hint(for: name.value, among: rules.sorted(), named: "rules"))
  }

  /// Warns of members that nothing reads: mostly a name that is misspelled.
  private func checkMembers(_ members: [TestMember]) {
    for member in members {
      let path = member.path.value
      let known = knownPaths
      guard !known.contains(where: { $0 == path || $0.hasPrefix(path + ".") || path.hasPrefix($0 + ".") })
      else {
        continue
      }
      var hint = DidYouMean.nearest(to: path, among: known).map { "did you mean `\($0)`?" }
      if case .money(let minor, let currency)? = schema.slot(of: path).map({ schema.fields[$0].type }) {
        hint = "an amount is written at `\(minor)`, its currency at `\(currency)`"
      }
      findings.warning(
        .unknownMember, at: member.path.place, "the schema reads nothing at `\(SourceNode.shortened(path))`",
        hint: hint)
    }
  }

  private var knownPaths: [String] {
    let identity = schema.identity
    var paths = [identity.id, identity.time] + [identity.reverses, identity.amends].compactMap { $0 }
    if case .field(let path) = identity.type { paths.append(path) }
    for field in schema.fields {
      if case .money(let minor, _) = field.type { paths.append(minor) } else { paths.append(field.path) }
    }
    return paths
  }
}
