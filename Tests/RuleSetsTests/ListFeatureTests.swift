import CEL
import Events
import RuleSets
import TestSupport
import Testing
import Windows

/// Named lists in what features record.
@Suite struct ListFeatureTests {
  private static let features = """
    features:
      trusted_24h: {count: any, where: device.id in trusted, by: user.id, over: 24h, export: true}
      strangers: {share: "!(device.id in trusted)", by: user.id, over: 24h, export: true}
      risky: {max: "payout.rate in rates ? 1 : 0", by: user.id, over: 24h, export: true}
      payouts_24h: {count: any, where: payout.rate > 1.0, by: user.id, over: 24h, export: true}
    """
  private static let rules = """
    rules:
      - {id: r, title: t, family: device, on: any, when: trusted_24h > 3, on_missing: skip, score: 1}
    """

  private func ruleSet(_ lists: String, _ files: [String: String] = [:]) throws -> RuleSet {
    let own = [
      "features.yaml": Self.features, "rules/velocity.yaml": Self.rules, "lists.yaml": "lists:\n" + lists,
      "rules/more.yaml": Self.rules.replacing("id: r", with: "id: s").replacing("> 3", with: "> 4"),
    ]
    let loaded = try ExampleRules.load(with: own.merging(files, uniquingKeysWith: { $1 }))
    #expect(loaded.rendered() == "")
    return try #require(loaded.ruleSet)
  }

  /// Tags of the columns, in the order of the features.
  private func tags(_ rules: RuleSet) throws -> [UInt32] {
    let entity = try #require(rules.plan.entities.first)
    return try entity.features.map { entity.columns[try #require($0.condition ?? $0.value)].tag }
  }

  private let usual = "  trusted: [d1, d2]\n  rates: [0.5, 2.5]\n"

  @Test func columnsAreComputedWithTheList() throws {
    let rules = try ruleSet(usual)
    #expect(rules.computedColumns.count == 4)
    var frame = Frame(slotCount: rules.slotCount)
    frame.slots[1] = frame.store("d2")
    frame.slots[4] = .double(2.5)
    func values() throws -> [String] {
      try rules.computedColumns.map { "\(try $0.program.evaluate(frame))" }
    }
    #expect(try values() == ["bool(true)", "bool(false)", "int(1)", "bool(true)"])
    frame.slots[1] = frame.store("d3")
    frame.slots[4] = .double(0.25)
    #expect(try values() == ["bool(false)", "bool(true)", "int(0)", "bool(false)"])
  }

  /// Another order, another item, another type: each is another list, and the column without a list stays.
  @Test(arguments: [
    "  trusted: [d2, d1]\n  rates: [0.5, 2.5]\n", "  trusted: [d1]\n  rates: [0.5, 2.5]\n",
    "  trusted: [d1, d2, d3]\n  rates: [0.5, 2.5]\n", "  trusted: [d1d2]\n  rates: [0.5, 2.5]\n",
  ])
  func aChangedListIsAnotherColumn(_ changed: String) throws {
    let before = try ruleSet(usual)
    let after = try ruleSet(changed)
    let (old, new) = (try tags(before), try tags(after))
    #expect(new[0] != old[0])
    #expect(new[1] != old[1])
    #expect(new[2...] == old[2...])
    #expect(before.plan.identity != after.plan.identity)
  }

  @Test func theTypeOfTheItemsCounts() throws {
    let whole = try tags(try ruleSet("  trusted: [d1, d2]\n  rates: [1, 2]\n"))
    let real = try tags(try ruleSet("  trusted: [d1, d2]\n  rates: [1.0, 2.0]\n"))
    #expect(whole[2] != real[2])
    #expect(whole[0] == real[0])
  }

  @Test func whereTheItemsStandDoesNotCount() throws {
    let file = try ruleSet(
      "  rates: [0.5, 2.5]\n  trusted: {file: phones.txt, type: string}\n",
      ["phones.txt": "# phones\n\nd1\n  d2 # of the office\n"])
    #expect(try tags(file) == tags(ruleSet(usual)))
  }

  /// Tags stand in stored records: a change here orphans the columns of every log.
  @Test func tagsNeverChange() throws {
    let tags = try tags(ruleSet(usual))
    #expect(tags == [1_140_222_403, 3_780_079_937, 3_867_601_491, 882_144_108])
  }

  @Test func aMacroVariableOfTheSameNameIsNoList() throws {
    let condition = "['d1'].exists(trusted, trusted == device.id)"
    let features =
      "features:\n  f: {count: any, where: \"\(condition)\", by: user.id, over: 24h, export: true}\n"
    let loaded = try ExampleRules.load(with: [
      "features.yaml": features, "rules/velocity.yaml": Self.rules.replacing("trusted_24h", with: "f"),
      "rules/more.yaml": Self.rules.replacing("id: r", with: "id: s").replacing(
        "trusted_24h > 3", with: "f > 4"),
    ])
    #expect(Set(loaded.diagnostics.map(\.code)) == ["cel-hidden-name", "unused-list"])
  }

  /// In a debug build a set for each rule took minutes.
  @Test func manyRulesOverALongListLoad() throws {
    let phones = (0..<200_000).map { "phone-\($0)\n" }.joined()
    let rules = (0..<1_000).map { number in
      "  - {id: r\(number), title: t, family: device, on: any, on_missing: skip, score: 1,"
        + " when: device.id in trusted && user.id == \"u\(number)\"}\n"
    }
    let folder = try ExampleRules.folder(with: [
      "rules/velocity.yaml": "rules:\n" + rules.joined(), "lists/trusted.txt": phones,
    ])
    let start = ContinuousClock.now
    let loaded = folder.loaded()
    print("1,000 rules over a list of 200,000 items: \(ContinuousClock.now - start)")
    #expect(loaded.ruleSet?.rules.count == 1_001)
  }
}
