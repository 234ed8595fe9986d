import CEL
import Events
import RuleSets
import Testing
import Windows

/// What becomes of a rule set that is fine.
@Suite struct CompileTests {
  private func ruleSet(_ files: [String: String] = [:]) throws -> RuleSet {
    let loaded = try ExampleRules.load(with: files)
    #expect(loaded.rendered() == "")
    return try #require(loaded.ruleSet)
  }

  @Test func aFrameHoldsFieldsIdentityHashesColumnsAndFeatures() throws {
    let rules = try ruleSet()
    #expect(
      rules.schema.fields.map(\.path) == [
        "user.id", "device.id", "payout.amount", "payout.receiver", "payout.rate", "payout.currency",
      ])
    #expect(rules.identitySlot == 6)
    #expect(rules.hashedFields.map(\.source) == [3])
    #expect(rules.hashedFields.map(\.slot) == [9])
    #expect(rules.computedColumns.map(\.slot) == [10, 11])
    #expect(rules.features.map(\.slot) == [12, 13, 14, 15, 16, 17])
    #expect(rules.slotCount == 18)
    #expect(
      rules.features.map(\.name) == [
        "payouts_24h", "paid_7d", "receivers", "users_of_receiver", "hours", "rates",
      ])
    #expect(rules.features.map(\.type) == [.int, .int, .int, .int, .int, .double])
  }

  @Test func sensitiveFieldsAreKeysAndColumnsByTheirHashOnly() throws {
    let rules = try ruleSet()
    #expect(rules.plan.entities.map(\.name) == ["user.id", "payout.receiver"])
    #expect(rules.plan.entities.map(\.keySlots) == [[0], [9]])
    let recorded = rules.plan.entities.flatMap(\.columns).map(\.slot)
    #expect(recorded.contains(9))
    #expect(!recorded.contains(3))
  }

  @Test func moneyIsKeptByItsCurrency() throws {
    let user = try ruleSet().plan.entities[0]
    let paid = user.features[1]
    #expect(paid.aggregation == .sum)
    #expect(paid.countsAcceptedOnly)
    let value = try #require(paid.value)
    let currency = try #require(paid.currency)
    #expect(user.columns[value].slot == 2)
    #expect(user.columns[value].kind == .int)
    #expect(user.columns[currency].slot == 5)
    #expect(user.columns[currency].kind == .text)
  }

  @Test func aCurrencyThatIsNotDeclaredIsAsItsMoney() throws {
    let schema = try #require(ExampleRules.files["schema.yaml"])
    let plain = try #require(try ruleSet().schema.fields.last)
    #expect(plain.path == "payout.currency")
    #expect(!plain.required && !plain.volatile)
    let marked = schema.replacing(
      "currency: payout.currency}", with: "currency: payout.currency, required: true, volatile: true}")
    let currency = try #require(try ruleSet(["schema.yaml": marked]).schema.fields.last)
    #expect(currency.path == "payout.currency")
    #expect(currency.required && currency.volatile)
  }

  @Test func eventsReadWhatRulesOfTheirTypeReadAndWhatIsExported() throws {
    let rules = try ruleSet()
    // payout.requested, reward.granted, account.created; `rates` is read by a rule that is off.
    #expect(rules.plan.entities[0].readsByType == [[0, 1, 2, 3], [2, 3], [3]])
    #expect(rules.plan.entities[1].readsByType == [[0], [0], []])
    #expect(rules.plan.entities[0].recordsType == [true, true, true])
    #expect(rules.plan.entities[1].recordsType == [true, true, false])
    #expect(rules.plan.entities[0].features[0].types == [rules.plan.typeTags[0]])
    #expect(rules.plan.entities[0].features[2].types == nil)
  }

  @Test func retentionIsTheLongestReach() throws {
    let rules = try ruleSet()
    let hour: Int64 = 3_600_000
    #expect(rules.plan.latenessMillisecondsMax == 2 * hour)
    // The newest five records may be of any age.
    #expect(rules.plan.entities[0].retentionMilliseconds == .max)
    #expect(rules.plan.entities[1].retentionMilliseconds == 30 * 24 * hour + 2 * hour)
    #expect(rules.plan.idRetentionMilliseconds == 30 * 24 * hour + 2 * hour)
  }

  @Test func windowsAreAsDeclared() throws {
    let user = try ruleSet().plan.entities[0]
    #expect(user.features[3].delayMilliseconds == 604_800_000)
    #expect(user.features[2].limit == 100)
    #expect(user.features[2].condition != nil)
    #expect(user.features[4].last == 5)
    #expect(user.features[4].overMilliseconds == nil)
    #expect(!user.features[4].includesCurrent)
    #expect(user.features[4].empty?.kind == .double)
    #expect(user.columns[try #require(user.features[4].value)].kind == .quantised(scale: 2))
  }

  /// An amendment replaces what an event says, never which event it is and when it happened.
  @Test func columnsOfIdentityAreTheEventsOwn() throws {
    let features = """
      features:
        ids: {distinct: event.id, by: user.id, over: 1d, export: true}
        types: {distinct: event.type, by: user.id, over: 1d, export: true}
        newest: {max: event.time, by: user.id, over: 1d, export: true}
        hours: {distinct: event.time.getHours(), by: user.id, over: 1d, export: true}
        share: {share: event.type == "reward.granted", by: user.id, over: 1d, export: true}
        late: {count: any, where: event.time.getHours() > 22 && payout.rate > 1.0, by: user.id, over: 1d, export: true}
        sent: {max: meta.sent_ms, by: user.id, over: 1d, export: true}
        rates: {mean: payout.rate, by: user.id, over: 1d, export: true}
        doubled: {mean: payout.rate * 2.0, by: user.id, over: 1d, export: true}
        receivers: {distinct: payout.receiver, by: user.id, over: 1d, export: true}

      """
    let schema = try #require(ExampleRules.files["schema.yaml"])
    let rules = """
      rules:
        - {id: a, title: A, family: velocity, on: any, when: user.id in trusted, score: 1}

      """
    let user = try ruleSet([
      "features.yaml": features, "schema.yaml": schema + "\n  meta.sent_ms: {type: int}\n",
      "rules/velocity.yaml": rules, "rules/more.yaml": "rules: []\n",
    ]).plan.entities[0]
    let own = user.features.map { feature in
      [feature.condition, feature.value].compactMap { $0 }.map { user.columns[$0].isOwn }
    }
    #expect(
      own == [[true], [true], [true], [true], [true], [true], [true], [false], [false], [false]])
  }

  /// Tags stand in stored records: a change here orphans the columns of every log.
  @Test func tagsNeverChange() throws {
    let plan = try ruleSet().plan
    #expect(plan.typeTags == [3_264_929_141, 3_285_723_081, 2_216_199_943])
    #expect(plan.entities[1].columns.map(\.tag) == [1_420_316_508])
  }

  @Test func layoutOfAnExpressionChangesNoTag() throws {
    let features = try #require(ExampleRules.files["features.yaml"])
    let other = features.replacing("where: payout.rate > 1.0", with: "where: (payout.rate>1.0)")
    #expect(other != features)
    let first = try ruleSet().plan
    let second = try ruleSet(["features.yaml": other]).plan
    #expect(first.entities[0].columns.map(\.tag) == second.entities[0].columns.map(\.tag))
    #expect(first.identity == second.identity)
    let third = try ruleSet(["features.yaml": features.replacing("over: 24h}", with: "over: 23h}")]).plan
    #expect(first.identity != third.identity)
  }

  @Test func rulesStandInTheOrderOfFilesAndTheOnesThatAreOffAreNotThere() throws {
    let rules = try ruleSet().rules
    #expect(rules.map(\.id) == ["shared-receiver", "payout-burst"])
    #expect(rules.map(\.file) == ["rules/more.yaml", "rules/velocity.yaml"])
    #expect(rules.map(\.line) == [2, 2])
    #expect(rules[0].sample?.basisPoints == 1_250)
    #expect(rules[0].suppressions.map(\.value) == ["u7"])
    #expect(rules[0].decide == .block)
    #expect(rules[1].appliesToType == [true, false, false])
    #expect(rules[1].onMissing == .review)
    #expect(rules[1].slots == [1, 3, 12, 13])
    #expect(rules[1].features == [0, 1])
  }

  @Test func suppressedValuesAreAsDecisionsShowThem() throws {
    let schema = try #require(ExampleRules.files["schema.yaml"])
    let fields = """

        user.level: {type: int}
        user.tester: {type: bool}
        user.os: {enum: [android, ios]}
        ip: {type: ip}

      """
    let values = [
      ("user.id", "7"), ("user.level", "0x1F"), ("user.level", "-7"), ("user.tester", "true"),
      ("user.os", "ios"),
      ("ip", "198.51.100.10"), ("ip", "\"2001:DB8:0:0:0:0:0:1\""),
    ]
    let suppressions = values.map { field, value in
      "      - {field: \(field), equals: \(value), until: 2027-05-01T10:00:00Z, reason: known}\n"
    }
    let rules = try #require(ExampleRules.files["rules/more.yaml"])
    let ruleSet = try ruleSet([
      "schema.yaml": schema + fields, "rules/more.yaml": rules + "\n" + suppressions.joined(),
    ])
    #expect(
      ruleSet.rules[0].suppressions.map(\.value) == [
        "u7", "7", "31", "-7", "true", "ios", "198.51.100.10", "2001:db8::1",
      ])
  }

  @Test func reasonsShowValuesAndMaskSensitiveOnes() throws {
    let rules = try ruleSet().rules
    let parts = rules[1].reason.parts.map { part in
      switch part {
      case .text(let text): text
      case .value(let slot, let masked): "<\(slot)\(masked ? " masked" : "")>"
      }
    }
    #expect(parts == ["<12>", " payouts {24 h} to ", "<3 masked>"])
    #expect(rules[0].reason.parts.count == 1)
  }

  @Test func conditionsRun() throws {
    let rules = try ruleSet()
    var frame = Frame(slotCount: rules.slotCount)
    frame.slots[1] = frame.store("d2")
    frame.slots[12] = .int(4)
    frame.slots[13] = .int(101)
    #expect(try rules.rules[1].condition.holds(frame))
    frame.slots[12] = .int(3)
    #expect(try !rules.rules[1].condition.holds(frame))
  }
}
