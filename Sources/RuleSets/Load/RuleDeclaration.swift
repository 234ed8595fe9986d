internal import CEL

/// One element of a file in `rules/`.
struct RuleDeclaration: Sendable {
  var id: Located<String>?
  var title: String = ""
  var family: Rule.Family?
  var types: EventTypesDeclaration?
  var condition: SourceString?
  var score: Located<Int>?
  var decide: Located<Outcome>?
  var reason: SourceString?
  /// Nil when the rule does not say.
  var onMissing: Located<Rule.FailurePolicy>?
  var onError: Rule.FailurePolicy?
  var unavailable: Outcome?
  var status: Rule.Status = .live
  var from: Located<Int64>?
  var until: Located<Int64>?
  var sample: Sample?
  var suppressions: [Suppression] = []
  var tags: [String] = []
  var references: [String] = []
  var falsePositives: [String] = []
  /// The tests that stand in the rule, and where: they decide nothing.
  var tests: [TestDeclaration] = []
  var testsSpan: Range<Int>?
  /// Where it begins.
  let place: Diagnostic.Place

  struct Sample: Sendable {
    let basisPoints: Int
    let field: Located<String>
  }

  struct Suppression: Sendable {
    let field: Located<String>
    let value: SourceNode
    let until: Located<Int64>
    let reason: String
  }

  private static let families =
    "what it looks at: `velocity` how often and how much, `behaviour` how somebody acts, `device` what the phone tells"

  init?(_ node: SourceNode, _ findings: Findings) {
    guard var reader = MappingReader(node, "a rule", findings) else { return nil }
    place = reader.head
    if let text = reader.require("id", hint: "a name of its own, such as `id: payout-burst`")?.text(findings),
      NameCheck.check(text, as: .identifier, "a rule", findings)
    {
      id = text
    }
    title =
      reader.require("title", hint: "one line that says what it finds")?
      .text(findings, bytesMax: RuleSetLimits.titleBytesMax)?.value ?? ""
    family = reader.require("family", hint: Self.families)?.choice(findings, meaning: Self.families)?.value
    types = reader.require("on", hint: "the event types it looks at, or `any`")
      .flatMap { EventTypesDeclaration($0, findings) }
    condition = reader.require("when", hint: "the condition, such as `when: payouts_24h > 3`")?
      .expression(findings)
    readEffect(&reader, findings)
    readPolicies(&reader, findings)
    readDates(&reader, findings)
    sample = reader.take("sample").flatMap { Sample($0, findings) }
    if let nodes = reader.take("suppress")?.elements(findings, of: "suppressions") {
      if nodes.count > RuleSetLimits.listedMax {
        findings.error(
          .tooMany, at: nodes[RuleSetLimits.listedMax].place,
          "\(nodes.count) suppressions, at most \(RuleSetLimits.listedMax.grouped) are allowed")
      }
      suppressions = nodes.prefix(RuleSetLimits.listedMax).compactMap { Suppression($0, findings) }
    }
    tags = reader.take("tags")?.texts(findings, of: "tags", allowsOne: true)?.map(\.value) ?? []
    references =
      reader.take("references")?.texts(findings, of: "references", allowsOne: true)?.map(\.value) ?? []
    falsePositives =
      reader.take("false_positives")?.texts(findings, of: "texts", allowsOne: true)?.map(\.value) ?? []
    _ = reader.take("description")?.text(findings)
    readTests(&reader, findings)
    reader.finish()
  }

  private mutating func readEffect(_ reader: inout MappingReader, _ findings: Findings) {
    score = reader.take("score")?.integer(
      findings, in: 1...RuleSetLimits.scoreMax,
      hint: "a rule that is reported without effect says `status: shadow` and keeps the score it is to have")
    decide = reader.take("decide")?.choice(findings)
    if !reader.has("score"), !reader.has("decide"), !reader.misspells(["score", "decide"]) {
      findings.error(
        .noEffect, at: id?.place ?? place, "the rule does nothing when its condition holds",
        hint: "give it `score: 40`, or `decide: block`")
    }
    reason = reader.take("reason")?.string(findings)
  }

  private mutating func readTests(_ reader: inout MappingReader, _ findings: Findings) {
    guard let node = reader.take("tests") else { return }
    if let start = reader.keyPlace("tests")?.span?.lowerBound, start <= node.node.span.upperBound {
      testsSpan = start..<node.node.span.upperBound
    }
    // Without an id, which was said, the tests are still about this rule.
    let owner = id ?? Located(value: "", place: place)
    tests = (node.elements(findings, of: "tests") ?? []).compactMap {
      TestDeclaration($0, of: owner, findings)
    }
  }

  private mutating func readPolicies(_ reader: inout MappingReader, _ findings: Findings) {
    onMissing = reader.take("on_missing")?.choice(findings)
    onError = reader.take("on_error")?.choice(findings)?.value
    unavailable = reader.take("unavailable")?.choice(findings)?.value
    status = reader.take("status")?.choice(findings)?.value ?? .live
  }

  private mutating func readDates(_ reader: inout MappingReader, _ findings: Findings) {
    from = reader.take("from")?.moment(findings)
    until = reader.take("until")?.moment(findings)
    if let from, let until, from.value >= until.value {
      findings.error(
        .outOfRange, at: until.place, "the rule ends before it begins",
        notes: [Diagnostic.Note("it begins here", at: from.place)])
    }
  }
}

extension RuleDeclaration.Sample {
  init?(_ node: SourceNode, _ findings: Findings) {
    guard var reader = MappingReader(node, "`sample`", findings) else { return nil }
    let percent = reader.require("percent")?.basisPoints(findings)
    let field = reader.require("of", hint: "the field whose values are drawn, such as `of: user.id`")?.text(
      findings)
    reader.finish()
    guard let percent, let field else { return nil }
    basisPoints = percent
    self.field = field
  }
}

extension RuleDeclaration.Suppression {
  init?(_ node: SourceNode, _ findings: Findings) {
    guard var reader = MappingReader(node, "a suppression", findings) else { return nil }
    let field = reader.require("field", hint: "such as `field: user.id`")?.text(findings)
    let value = reader.require("equals", hint: "the value for which the rule does nothing")
    let until = reader.require("until", hint: "suppressions end: give the moment")?.moment(findings)
    let reason = reader.require("reason", hint: "say why, for whoever reads it later")?.text(findings)
    reader.finish()
    guard let field, let value, let until, let reason else { return nil }
    self.field = field
    self.value = value
    self.until = until
    self.reason = reason.value
  }
}
