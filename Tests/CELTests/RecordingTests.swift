import CEL
import CELRegex
import TestSupport
import Testing

/// What a recorded run tells, and that recording changes nothing.
@Suite struct RecordingTests {
  private let bindings = Bindings([
    ("i", .int, .int(5)), ("j", .int, nil), ("s", .string, .string("abc")),
    ("l", .list(.int), .list([.int(1), .int(7), .int(9)])), ("b", .bool, .bool(true)),
  ])

  /// One line for each node: its text, its outcome, indented by depth.
  private func outline(_ source: String, everywhere: Bool = false) throws -> [String] {
    let recording = try bindings.checked(source).recording(bindings.frame, everywhere: everywhere)
    var lines: [String] = []
    func add(_ node: RecordedNode, _ depth: Int) {
      let text = String(decoding: Array(source.utf8)[node.span], as: UTF8.self)
      var line = String(repeating: " ", count: depth) + text
      if case .element(let position) = node.kind {
        line = String(repeating: " ", count: depth) + "#" + (position.map { "\($0)" } ?? "-")
      }
      lines.append(line + " → " + describe(node))
      for child in node.children { add(child, depth + 1) }
    }
    add(recording.root, 0)
    return lines
  }

  private func describe(_ node: RecordedNode) -> String {
    let outcome =
      switch node.outcome {
      case .value(let value): "\(value)"
      case .unknown(let slots): "unknown \(slots)"
      case .error(let error): "error \(error.code.rawValue)"
      case .notLookedAt: "-"
      }
    if case .notLookedAt = node.outcome { return outcome }
    return node.wasLookedAt ? outcome : "(\(outcome))"
  }

  @Test func shortCircuitsAreTold() throws {
    #expect(
      try outline("i < 3 && j > 1") == [
        "i < 3 && j > 1 → bool(false)", " i < 3 → bool(false)", "  i → int(5)", "  3 → int(3)",
        " j > 1 → -", "  j → -", "  1 → -",
      ])
    #expect(
      try outline("i < 3 && s == 'abc'", everywhere: true).suffix(3) == [
        " s == 'abc' → (bool(true))", "  s → (string(\"abc\"))", "  'abc' → (string(\"abc\"))",
      ])
  }

  @Test func unknownsAndErrorsAreTold() throws {
    #expect(
      try outline("j > 1 || b") == [
        "j > 1 || b → bool(true)", " j > 1 → unknown [1]", "  j → unknown [1]", "  1 → int(1)",
        " b → bool(true)",
      ])
    #expect(
      try outline("i / 0 > 1").prefix(2) == [
        "i / 0 > 1 → error division-by-zero", " i / 0 → error division-by-zero",
      ])
  }

  @Test func macrosLeadToWhatWasWritten() throws {
    #expect(
      try outline("l.exists(x, x > 5)") == [
        "l.exists(x, x > 5) → bool(true)",
        " l → list([CEL.Value.int(1), CEL.Value.int(7), CEL.Value.int(9)])",
        " #0 → bool(false)", "  x > 5 → bool(false)", "   x → int(1)", "   5 → int(5)",
        " #1 → bool(true)", "  x > 5 → bool(true)", "   x → int(7)", "   5 → int(5)",
      ])
    #expect(
      try outline("[].all(x, x > 5)") == [
        "[].all(x, x > 5) → bool(true)", " [] → list([])", " #- → -", "  x > 5 → -", "   x → -", "   5 → -",
      ])
    #expect(
      try outline("size(l.filter(x, x > 5)) == 2").filter { $0.contains("#") } == [
        "   #0 → bool(false)", "   #1 → bool(true)", "   #2 → bool(true)",
      ])
    #expect(
      try outline("cel.bind(x, i + 1, x > 5 && x < 7)") == [
        "cel.bind(x, i + 1, x > 5 && x < 7) → bool(true)", " i + 1 → int(6)", "  i → int(5)", "  1 → int(1)",
        " x > 5 && x < 7 → bool(true)", "  x > 5 → bool(true)", "   x → int(6)", "   5 → int(5)",
        "  x < 7 → bool(true)", "   x → int(6)", "   7 → int(7)",
      ])
  }

  @Test func foldedConstantsKeepTheirText() throws {
    #expect(
      try outline("duration('24h') > duration('1h')").map { $0.prefix { $0 != "→" } } == [
        "duration('24h') > duration('1h') ", " duration('24h') ", " duration('1h') ",
      ])
  }

  /// A fold over more than is kept is run whole and says how many steps are not in the tree.
  @Test func longFoldsAreKeptInPart() throws {
    let many = Bindings([("l", .list(.int), .list((0..<4_000).map { .int($0) }))])
    let recording = try many.checked("l.all(x, x >= 0) && l.all(x, x < 5000)").recording(many.frame)
    guard case .success(.bool(true)) = recording.result else {
      Issue.record("\(recording.result)")
      return
    }
    let folds = recording.root.children
    #expect(folds.allSatisfy { $0.kind == .fold })
    let kept = folds.map { $0.children.count - 1 }
    #expect(zip(folds, kept).allSatisfy { $0.stepsOmitted + max($1, 0) >= 4_000 })
    #expect(kept[0] < 4_000 && folds[0].stepsOmitted > 0)
  }

  /// Recorded and unrecorded runs end alike, whatever budget they have, and so does each node's root.
  @Test func recordingChangesNothing() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("recording: seed \(seed)")
    var source = RandomExpressionTests.Source(random: SeededGenerator(seed: seed))
    var compiled = CompiledExpressions(seed: seed)
    var (values, spent) = (0, 0)
    for round in 0..<6_000 {
      let isTyped = round.isMultiple(of: 2)
      let depth = Int.random(in: 1...5, using: &source.random)
      let text = isTyped ? compiled.expression(depth: min(depth, 3)) : source.expression(depth: depth)
      let bindings = Bindings(
        RandomExpressionTests.variables.map {
          (name: $0.name, type: $0.type, value: source.value(of: $0.type))
        })
      var environment = isTyped ? CompiledExpressions.environment(RE2Engine()) : bindings.environment
      if Int.random(in: 0..<3, using: &source.random) == 0 {
        environment.limits.stepsMax = Int.random(in: 1...60, using: &source.random)
      }
      let frame = isTyped ? compiled.frame() : bindings.frame
      guard let expression = try? Expression.parse(text) else { continue }
      let program = Program(unchecked: expression, in: environment)
      let plain = Result { try program.walk(frame) }
      let recording = program.recording(frame)
      #expect("\(plain)" == "\(recording.result.mapError { $0 as any Error })", "seed \(seed): `\(text)`")
      #expect("\(recording.root.outcome)" == "\(outcome(plain))", "seed \(seed): `\(text)`")
      #expect(nested(recording.root, in: 0..<text.utf8.count), "seed \(seed): `\(text)`")
      switch plain {
      case .success: values += 1
      case .failure(EvaluationFailure.error(let error)) where error.code == .budgetSpent: spent += 1
      case .failure: break
      }
    }
    print("recording: \(values) have a value, \(spent) spend their budget")
    #expect(values > 500 && spent > 20)
  }

  private func outcome(_ result: Result<Value, any Error>) -> RecordedNode.Outcome {
    switch result {
    case .success(let value): .value(value)
    case .failure(EvaluationFailure.error(let error)): .error(error)
    case .failure(EvaluationFailure.unknown(let slots)): .unknown(slots: slots)
    case .failure: .notLookedAt
    }
  }

  /// Whether every span lies within the source.
  private func nested(_ node: RecordedNode, in source: Range<Int>) -> Bool {
    source.lowerBound <= node.span.lowerBound && node.span.upperBound <= source.upperBound
      && node.children.allSatisfy { nested($0, in: source) }
  }
}
