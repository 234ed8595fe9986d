internal import Foundation
internal import Glibc

/// A rule set to begin with: one event type, two features, a rule, its tests and a few events.
package struct NewRuleSet: Sendable {
  /// The rule set's name: the last part of its path.
  package let name: String
  /// The folder, as the author named it.
  package let path: String
  /// What the folder will hold.
  package let files: [FileChange]

  /// Fails where the name or the place cannot be used.
  package init(at path: String) throws(ScaffoldError) {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let name = trimmed.split(separator: "/").last.map(String.init) ?? path
    try ScaffoldName.check(name, of: "a rule set", such: "coupons")
    let names = try? FileManager.default.contentsOfDirectory(atPath: trimmed)
    guard !FileManager.default.fileExists(atPath: trimmed) || names?.isEmpty == true else {
      throw ScaffoldError(
        message: "`\(trimmed)` is there already",
        hint: "choose another name, or add a rule to it: `assay new rule ID --rules \(trimmed)`")
    }
    (self.name, self.path) = (name, trimmed)
    let texts =
      Self.texts(name) + RuleFileSchema.allCases.map { ("\(SchemaFolder.name)/\($0.fileName)", $0.text) }
    files = texts.map { FileChange(path: $0.0, before: nil, after: Array($0.1.utf8)) }
  }

  /// Writes the folder, whole or not at all.
  package func write() throws(OutputError) {
    let target = URL(fileURLWithPath: path)
    let parent = target.deletingLastPathComponent()
    let draft = parent.appending(path: ".\(name)-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: draft) }
    do {
      try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: true)
    } catch {
      throw OutputError(path: path, isClosed: false, message: FileChange.reason(of: error))
    }
    for file in files { try file.write(below: draft.path) }
    // An empty folder gives way; one that was filled meanwhile does not.
    if unsafe rename(draft.path, target.path) != 0 {
      throw OutputError(path: path, isClosed: false, message: systemMessage(errno))
    }
  }

  /// What to do next.
  package var next: String {
    """
    next:
      assay check \(path)
      assay test \(path)
      assay replay \(path) \(path)/events/velocity.ndjson --format text
    then put your own event types and fields into \(path)/schema.yaml, and add a rule:
      assay new rule ID --rules \(path)

    """
  }

  private static func texts(_ name: String) -> [(String, String)] {
    [
      (
        "ruleset.yaml",
        SchemaFolder.line(.ruleset, depth: 0) + """
          ruleset: \(name)
          description: What is decided here, in a sentence.
          decision:
            review: 40            # from this score on an event is reviewed
            block: 80             # and from this one blocked

          """
      ),
      (
        "schema.yaml",
        SchemaFolder.line(.schema, depth: 0) + """
          # Where an event's id, type and time stand in the JSON, what types there are, and the fields that rules read.
          event: {id: id, type: type, time: time}
          types: [order.placed]
          fields:
            user.id: {type: string, required: true}
            device.id: {type: string}
            order.amount: {type: money, minor: order.amount_minor, currency: order.currency}

          """
      ),
      (
        "features.yaml",
        SchemaFolder.line(.features, depth: 0) + """
          # What is counted, whose it is, and how far back. A window includes the event that reads it.
          features:
            orders_1h: {count: order.placed, by: user.id, over: 1h}
            users_per_device_30d: {distinct: user.id, by: device.id, over: 30d}

          """
      ),
      ("rules/velocity.yaml", SchemaFolder.line(.rules, depth: 1) + rules),
      ("tests/velocity.yaml", SchemaFolder.line(.tests, depth: 1) + tests),
      ("events/velocity.ndjson", events),
    ]
  }

  private static let rules = """
    rules:
      - id: order-burst
        title: Fourth order within an hour
        family: velocity
        on: order.placed
        when: orders_1h > 3
        score: 40
        reason: "{orders_1h} orders in an hour, at most 3 expected"

      - id: shared-device
        title: One phone, many users
        family: device
        on: order.placed
        when: users_per_device_30d >= 3
        on_missing: skip          # an order without a phone is for other rules
        score: 40
        status: shadow            # reported, without effect, until replays show that it is right
        reason: "{users_per_device_30d} users of one phone in 30 days"

    """

  private static let tests = """
    defaults: {user.id: u1, device.id: d1, order.amount_minor: 1500, order.currency: EUR}
    tests:
      - name: the fourth order within an hour
        rule: order-burst
        fires: true
        events:
          - {type: order.placed, at: 0s, repeat: 3, every: 10m, expect: {outcome: allow, fired: []}}
          - {type: order.placed, at: 30m, expect: {outcome: review, score: 40, features: {orders_1h: 4}}}

      - name: the fourth order an hour after the first
        rule: order-burst
        fires: false
        events:
          - {type: order.placed, at: 0s, repeat: 3, every: 10m}
          - {type: order.placed, at: 60m, expect: {outcome: allow}}

      - name: a third user of one phone
        rule: shared-device
        fires: true
        events:
          - {type: order.placed, at: 0s}
          - {type: order.placed, at: 1d, with: {user.id: u2}, expect: {fired: []}}
          - {type: order.placed, at: 2d, with: {user.id: u3}, expect: {outcome: allow}}

      - name: two users of one phone
        rule: shared-device
        fires: false
        events:
          - {type: order.placed, at: 0s}
          - {type: order.placed, at: 1d, with: {user.id: u2}}

    """

  /// Four orders of one user within an hour, and two of others from their phone.
  private static let events: String = [
    ("o1", "12:00", "u1"), ("o2", "12:10", "u1"), ("o3", "12:20", "u1"), ("o4", "12:30", "u1"),
    ("o5", "13:15", "u2"), ("o6", "13:30", "u3"),
  ].map { id, time, user in
    #"{"id":"\#(id)","type":"order.placed","time":"2026-01-05T\#(time):00Z","user":{"id":"\#(user)"},"#
      + #""device":{"id":"d1"},"order":{"amount_minor":1500,"currency":"EUR"}}"# + "\n"
  }.joined()
}
