import Assay
import RuleSets
import TestSupport
import Workbench

/// A generated stream with truths, and everything about its decisions in one array: what the tally is compared with.
struct WorthStream {
  /// One decision that counts, with what the generator knows of its event.
  struct Entry {
    let decision: Decision
    let type: String
    let day: Int
    /// Nil where nobody said.
    let label: String?
    let amount: Int64?
    let currency: String?
  }

  /// What each rule does, written down once more: the oracle asks no rule set.
  static let scores = ["ten": 10, "thirty": 30, "fifty": 50, "late": 5, "shadow-forty": 40]
  static let decides: [String: Outcome] = [
    "excuse": .allow, "look": .review, "stop": .block, "shadow-stop": .block,
  ]
  static let ruleIDs = [
    "ten", "thirty", "fifty", "excuse", "look", "stop", "late", "shadow-forty", "shadow-stop",
  ]
  static let review = 40
  static let block = 80

  static let rules = [
    "ruleset.yaml": "ruleset: worth\ndecision: {review: 40, block: 80}\n",
    "schema.yaml": """
    event: {id: id, type: type, time: {field: ts, as: unix_ms}}
    types: [payment, login]
    fields:
      a: {type: int, required: true}
      b: {type: int, required: true}
      c: {type: int, required: true}
      d: {type: int, required: true}
      e: {type: int}
      total: {type: money, minor: total_minor, currency: currency}
      tip: {type: money, minor: tip_minor, currency: currency}

    """,
    "rules/all.yaml": """
    rules:
      - {id: ten, title: T, family: velocity, on: any, when: a > 5, score: 10}
      - {id: thirty, title: T, family: velocity, on: payment, when: b > 6, score: 30}
      - {id: fifty, title: T, family: velocity, on: any, when: c > 7, score: 50}
      - {id: excuse, title: T, family: velocity, on: any, when: d == 1, decide: allow}
      - {id: look, title: T, family: velocity, on: any, when: d == 2, decide: review}
      - {id: stop, title: T, family: velocity, on: any, when: d == 3 || a + b > 17, decide: block}
      - {id: late, title: T, family: velocity, on: any, when: e > 8, score: 5, on_missing: review}
      - {id: shadow-forty, title: T, family: velocity, on: any, when: c > 4, score: 40, status: shadow}
      - {id: shadow-stop, title: T, family: velocity, on: any, when: a == 0, decide: block, status: shadow}

    """,
  ]

  let lines: [String]
  let labels: [String: String]
  private(set) var entries: [Entry] = []
  private(set) var recorder: WorthRecorder

  /// Decides `count` generated events; `saysHonest` labels some of the honest ones.
  init(seed: UInt64, count: Int, saysHonest: Bool) throws {
    let rules = try RuleSet.fromFiles(Self.rules)
    var generator = SeededGenerator(seed: seed)
    var events: [Generated] = []
    for index in 0..<count {
      if index % 17 == 5, let earlier = events.randomElement(using: &generator) {
        events.append(earlier)
      } else {
        events.append(Generated(index, using: &generator))
      }
    }
    lines = events.map(\.line)
    var labels: [String: String] = [:]
    for event in events where event.isFraud { labels[event.id] = event.kind }
    if saysHonest { for event in events where event.saysHonest { labels[event.id] = "honest" } }
    self.labels = labels

    let folder = try TemporaryFolder()
    let file = labels.sorted { $0.key < $1.key }.map { #"{"event":"\#($0.key)","fraud":"\#($0.value)"}"# }
    let path = try folder.write("labels.ndjson", file.joined(separator: "\n"))
    var recorder = WorthRecorder(rules: rules, labels: try LabelFile.read(path))
    var replay = Replay(rules: rules)
    var decisions: [Decision] = []
    replay.look = { recorder.record($0, $1) }
    try replay.run(folder.write("events.ndjson", lines.joined(separator: "\n"))) { decisions.append(copy $0) }
    self.recorder = recorder
    for (event, decision) in zip(events, decisions) where !decision.repeated && !decision.dryRun {
      entries.append(
        Entry(
          decision: decision, type: event.type,
          day: Int((Double(event.milliseconds) / 86_400_000).rounded(.down)),
          label: labels[event.id] ?? (saysHonest ? nil : "honest"),
          amount: event.total ?? event.tip, currency: event.currency))
    }
  }

  /// An event as the generator made it.
  private struct Generated {
    let id: String
    let type: String
    let milliseconds: Int64
    let fields: [String]
    let isFraud: Bool
    let saysHonest: Bool
    let kind: String
    let total: Int64?
    let tip: Int64?
    let currency: String
    let isTrial: Bool

    init(_ index: Int, using generator: inout SeededGenerator) {
      func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &generator) }
      id = "e\(index)"
      type = roll(4) == 0 ? "login" : "payment"
      // Some at the last millisecond of a day, some before 1970.
      let day = Int64(index / 40) - Int64(roll(3)) - 2
      milliseconds = day * 86_400_000 + [0, 86_399_999, Int64(roll(86_400_000))][roll(3)]
      let values = (a: roll(10), b: roll(10), c: roll(10), d: roll(20), e: roll(12))
      fields =
        ["\"a\":\(values.a)", "\"b\":\(values.b)", "\"c\":\(values.c)", "\"d\":\(values.d)"]
        + (values.e < 10 ? ["\"e\":\(values.e)"] : [])
      // Frauds are where the rules look, most of the time.
      isFraud = roll(10) < (values.a > 5 || values.c > 7 ? 4 : 1)
      saysHonest = !isFraud && roll(2) == 0
      kind = ["ring", "bot", "true"][roll(3)]
      total = type == "payment" && roll(6) > 0 ? Int64(roll(100_000)) - 10 : nil
      tip = roll(5) == 0 ? Int64(roll(1_000)) : nil
      currency = ["EUR", "USD", "JPY"][roll(3)]
      isTrial = roll(40) == 0
    }

    var line: String {
      var members = ["\"id\":\"\(id)\"", "\"type\":\"\(type)\"", "\"ts\":\(milliseconds)"] + fields
      if let total { members.append("\"total_minor\":\(total)") }
      if let tip { members.append("\"tip_minor\":\(tip)") }
      if total != nil || tip != nil { members.append("\"currency\":\"\(currency)\"") }
      if isTrial { members.append("\"dry_run\":true") }
      return "{" + members.joined(separator: ",") + "}"
    }
  }
}
