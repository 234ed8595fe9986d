import Assay
import RuleSets
import TestSupport
import Testing
import Workbench

/// What would move a cursor, colour a terminal or turn letters around is spelled out wherever text for people has it.
@Suite struct VisibleTextTests {
  /// ESC, CR, BEL, a control of Latin-1, and controls of writing direction.
  private static let hostile = "\u{1B}[2J\r\u{7}\u{9B}\u{202E}\u{2066}\u{200F}\u{2028}"

  private func expectVisible(_ text: String) {
    let hidden = text.unicodeScalars.filter {
      $0.value < 0x20 && $0 != "\n" || (0x7F..<0xA0).contains($0.value)
        || [0x61C, 0x200E, 0x200F].contains($0.value) || (0x2028...0x202E).contains($0.value)
        || (0x2066...0x2069).contains($0.value)
    }
    #expect(hidden.isEmpty, "\(text.debugDescription)")
  }

  @Test func aLineIsSpelledOut() {
    #expect(VisibleLine.of("a\u{1B}[1m\rb\u{202E}c") == "a\\u{1b}[1m\\u{d}b\\u{202e}c")
    #expect(VisibleLine.of("ü € \u{2713} \u{1F600} \u{D8}") == "ü € \u{2713} \u{1F600} \u{D8}")
    for value in UInt32(0)...0x2100 {
      if let scalar = Unicode.Scalar(value) { expectVisible(VisibleLine.of("x\(scalar)y")) }
    }
  }

  /// Allowed by JSON, but JSON may end up on a terminal: what is read back is the same.
  @Test func jsonEscapesWhatATerminalActsOn() throws {
    for value in UInt32(0)...0x2100 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = "x\(scalar)y"
      let tree = JSONValue.object([.init(text, .string(text))]).encoded()
      expectVisible(tree)
      #expect(try JSONValue(parsing: tree)[text]?.text == text)
      var bytes: [UInt8] = []
      bytes.append(jsonString: text)
      let quick = String(decoding: bytes, as: UTF8.self)
      expectVisible(quick)
      #expect(try JSONValue(parsing: quick).text == text)
    }
    #expect(JSONValue.string("\u{9B}\u{202E}ü€😀°").encoded() == #""\u009b\u202eü€😀°""#)
  }

  private static func rules() throws -> RuleSet {
    try RuleSet.small(
      types: "a",
      fields: """
          name: {type: string, required: true}
          kind: {enum: [ONE]}
          tags: {type: list, of: string}
          sum: {type: money, minor: minor, currency: currency}

        """,
      features: """
          n: {count: a, by: name, over: 1h}
          last_kind: {last: kind, by: name, over: 1h}
          total: {sum: sum, of: a, by: name, over: 1h}

        """,
      rules: """
          - {id: fires, title: "T\\e\\r", family: velocity, on: a, when: n > 0, score: 40, reason: "\\e{name}"}
          - {id: short, title: T, family: velocity, on: a, when: total > 100 && name != kind, on_missing: skip, score: 1}
          - {id: fails, title: T, family: velocity, on: a, when: int(name) > 1, on_error: review, score: 1}
          - {id: list, title: T, family: velocity, on: a, when: 'tags.exists(t, t == "x")', on_missing: skip, score: 1}
          - {id: open, title: T, family: velocity, on: a, when: last_kind == "ONE", on_missing: skip, score: 1}

        """)
  }

  private static func line(_ number: Int) -> [UInt8] {
    let text = JSONValue.string(hostile).encoded()
    return Array(
      (#"{"id":\#(JSONValue.string("\(number)\u{202E}").encoded()),"type":"a","time":"2026-01-05T10:00:0\#(number)Z","#
        + #""name":\#(text),"kind":\#(text),"tags":[\#(text)],"minor":5,"currency":"EUR"}"#).utf8)
  }

  @Test func explanationsAndDecisionsShowNoneOfIt() throws {
    let rules = try Self.rules()
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    for number in 0..<3 {
      let line = Self.line(number)
      let examination = try engine.examine(engine.decode(line.span), recordsMax: 10)
      #expect(examination.decision.outcome == .review && examination.windows.count == 3)
      expectVisible(examination.decision.text())
      let explanation = Explanation(examination, rules: rules)
      for width in [40, 100, 1_000] { expectVisible(explanation.text(width: width)) }
      #expect(explanation.text().contains("\\u{1b}[2J"))
      let names = SlotNames(rules)
      for rule in rules.rules {
        let brief = RuleBrief(rule.id, of: examination.decided, rules: rules, names: names)
        expectVisible(brief.lines(width: 100).joined(separator: "\n"))
      }
    }
  }

  @Test func bundlesShowNoneOfIt() throws {
    let rules = try Self.rules()
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    let decided = try engine.examine(Self.line(0).span)
    var bundle: [UInt8] = []
    DecisionBundle.write(decided, input: Self.line(0), rules: rules, allFeatures: false, to: &bundle)
    let text = String(decoding: bundle, as: UTF8.self)
    let spelled = String(JSONValue.string(Self.hostile).encoded().dropFirst().dropLast())
    let folder = try TemporaryFolder()
    let changes = [
      (#""name":"small""#, #""name":"\#(spelled)""#), (#""outcome":"review""#, #""outcome":"\#(spelled)""#),
      (#""decision":{"#, #""decision":{"\#(spelled)":1,"#),
      (#""name":"n","type":"int""#, #""name":"\#(spelled)","type":"x""#),
      (#""event":"#, #""\#(spelled)":"#), (#"{"bundle":1,"#, spelled),
    ]
    for (place, change) in changes {
      #expect(text.contains(place))
      let path = try folder.write(spelled.isEmpty ? "b" : "bundles", text.replacing(place, with: change))
      for id in [nil, "nobody" + Self.hostile] {
        do throws(ExplainProblem) {
          let evaluation = try BundleEvaluation(BundleFile.find(id, in: path).bundle, rules: rules)
          expectVisible(Explanation(evaluation.examination, rules: rules).text())
          expectVisible(evaluation.differences.joined(separator: "\n") + (evaluation.remark ?? ""))
          #expect(!evaluation.differences.isEmpty || evaluation.remark != nil)
        } catch {
          expectVisible(error.message + (error.hint ?? ""))
        }
      }
    }
  }

  @Test func whatIsNotFoundShowsNoneOfIt() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "events", Self.line(1) + [0x0A] + Array(#"{"id":"x\u001b","type":"\u202e"}"#.utf8))
    for id in ["1" + Self.hostile + "x", "x\u{1B}", "\u{202E}"] {
      var search = EventSearch(id, rules: try Self.rules(), recordsMax: 1)
      #expect(search.run(path) == nil)
      expectVisible(search.problem.message + (search.problem.hint ?? ""))
    }
    let problem = try #require(RuleChoice.problem(Self.hostile, in: Self.rules()))
    expectVisible(problem.message + (problem.hint ?? ""))
  }
}
