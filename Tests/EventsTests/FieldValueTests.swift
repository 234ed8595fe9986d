import CEL
import Events
import Testing

@Suite("Fields of each type")
struct FieldValueTests {
  @Test("identity, time and type")
  func identity() throws {
    let event = try RewardsSchema.event(#""reverses":"e-0","amends":17,"dry_run":true"#)
    #expect(try event.text(event.id) == "e-1")
    #expect(RewardsSchema.types[event.type] == "reward.granted")
    #expect(event.time == 1_714_557_600_000)
    #expect(try event.text(event.reverses) == "e-0")
    #expect(try event.text(event.amends) == "17")
    #expect(event.dryRun)
    #expect(event.frame.slots.count == 20)
    let plain = try RewardsSchema.event(#""reverses":null,"dry_run":false"#)
    #expect(plain.reverses.kind == .missing && plain.amends.kind == .missing && !plain.dryRun)
  }

  @Test("scalars")
  func scalars() throws {
    let event = try RewardsSchema.event(
      #"""
      "user":{"level":-9223372036854775808,"ratio":0.25,"verified":true,"joined":"2024-05-01T12:00:00.1239+02:00"},
      "device":{"seen_at":-62135596800000,"build":"-42","score":"1.5e2"},
      "payout":{"amount_minor":1250,"currency":"EUR","receiver":"a\u0000b\ud83d\ude00"}
      """#)
    #expect(try event.slot("user.level").integer == .min)
    #expect(try event.slot("user.ratio").double == 0.25)
    #expect(try event.slot("user.verified").kind == .bool && event.slot("user.verified").payload == 1)
    #expect(try event.slot("user.joined").kind == .timestamp)
    #expect(try event.slot("user.joined").integer == 1_714_557_600_123)
    #expect(try event.slot("device.seen_at").integer == -62_135_596_800_000)
    #expect(try event.slot("device.build").integer == -42)
    #expect(try event.slot("device.score").double == 150)
    #expect(try event.slot("payout.amount").integer == 1250)
    #expect(try event.text("payout.currency") == "EUR")
    #expect(try event.text("payout.receiver") == "a\0b😀")
    #expect(try event.slot("ip").kind == .missing)
  }

  @Test("doubles take integers that they hold exactly, and know one zero")
  func doubles() throws {
    #expect(try RewardsSchema.event(#""user.ratio":9007199254740992"#).slot("user.ratio").double == 0x1p53)
    #expect(RewardsSchema.refusal(#""user.ratio":9007199254740993"#)?.code == .outOfRange)
    #expect(try RewardsSchema.event(#""user.ratio":18446744073709549568"#).slot("user.ratio").kind == .double)
    for zero in ["0", "-0", "-0.0", "0e9"] {
      #expect(try RewardsSchema.event(#""user.ratio":\#(zero)"#).slot("user.ratio").payload == 0)
    }
    #expect(try RewardsSchema.event(#""user.level":-0"#).slot("user.level").integer == 0)
  }

  @Test("members of enumerations that the schema does not list are kept and marked")
  func unlisted() throws {
    let event = try RewardsSchema.event(#""network":"unity","verdict":{"labels":["BASIC","NEW","STRONG"]}"#)
    #expect(try event.text("network") == "unity")
    #expect(try event.slot("network").flags.contains(.unlisted))
    let list = try event.slot("verdict.labels")
    #expect(list.kind == .list && list.length == 3 && list.flags.contains(.unlisted))
    let flags = event.frame.slots[list.range].map { $0.flags.contains(.unlisted) }
    #expect(flags == [false, true, false])
    let listed = try RewardsSchema.event(#""network":"admob","verdict.labels":["STRONG"]"#)
    #expect(try listed.slot("network").flags.isEmpty && listed.slot("verdict.labels").flags.isEmpty)
  }

  @Test("members of enumerations that stand for absence leave the field missing")
  func missingMembers() throws {
    let absent = try RewardsSchema.event()
    for member in ["UNEVALUATED", "none"] {
      let event = try RewardsSchema.event(#""network":"\#(member)""#)
      #expect(try event.slot("network").kind == .missing && event.slot("network").flags.isEmpty)
      #expect(event.digest == absent.digest)
      var builder = EventBuilder(RewardsSchema.decoder)
      try builder.set("user.id", "u-1")
      try builder.set("network", "admob")
      try builder.set("network", .string(member))
      let time = try #require(Timestamp(rfc3339: "2024-05-01T10:00:00Z"))
      let built = try builder.build(id: "e-1", type: "reward.granted", time: time)
      #expect(try built.slot("network").kind == .missing && built.digest == absent.digest)
    }
    #expect(try RewardsSchema.event(#""network":"unevaluated""#).slot("network").flags.contains(.unlisted))
    #expect(RewardsSchema.refusal(#""network":1"#)?.code == .wrongType)
    #expect(RewardsSchema.refusal(#""network":["none"]"#)?.code == .wrongType)
  }

  @Test(
    "the network of an address keeps its first bits",
    arguments: [
      ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"), ("2001:db8:1:1f:3::", "2001:db8:1:10::"),
      ("::1", "::"), ("192.0.2.77", "192.0.2.77"), ("::ffff:192.0.2.77", "::ffff:192.0.2.77"),
    ])
  func networks(address: String, network: String) throws {
    let event = try RewardsSchema.event(#""ip":"\#(address)","ip_network":"203.0.113.9""#)
    #expect(try event.text("ip_network") == network)
    var builder = EventBuilder(RewardsSchema.decoder)
    try builder.set("user.id", "u-1")
    try builder.set("ip", .string(address))
    let time = try #require(Timestamp(rfc3339: "2024-05-01T10:00:00Z"))
    let built = try builder.build(id: "e-1", type: "reward.granted", time: time)
    #expect(try built.text("ip_network") == network && built.digest == event.digest)
    builder.remove("ip")
    let bare = try builder.build(id: "e-1", type: "reward.granted", time: time)
    #expect(try bare.slot("ip_network").kind == .missing)
  }

  @Test("lists stand behind the fixed slots")
  func lists() throws {
    let event = try RewardsSchema.event(#""tags":["a","","ü"],"steps":[3,-1],"verdict":{"labels":[]}"#)
    let tags = try event.slot("tags")
    #expect(tags.range.lowerBound >= 20)
    #expect(try event.frame.slots[tags.range].map { try event.text($0) } == ["a", "", "ü"])
    #expect(try event.frame.slots[event.slot("steps").range].map(\.integer) == [3, -1])
    #expect(try event.slot("verdict.labels").kind == .list && event.slot("verdict.labels").length == 0)
    let most = Array(repeating: "1", count: 1024).joined(separator: ",")
    #expect(try RewardsSchema.event(#""steps":[\#(most)]"#).slot("steps").length == 1024)
    #expect(RewardsSchema.refusal(#""steps":[\#(most),1]"#)?.code == .listTooLong)
  }

  @Test("a dot nests or is part of the key")
  func dottedKeys() throws {
    #expect(try RewardsSchema.event(#""user":{"level":3}"#).slot("user.level").integer == 3)
    #expect(try RewardsSchema.event(#""user.level":3"#).slot("user.level").integer == 3)
    #expect(
      try RewardsSchema.event(#""user.level":3,"user":{"verified":true}"#).slot("user.level").integer == 3)
    #expect(try RewardsSchema.event(#""device":null"#).slot("device.build").kind == .missing)
    #expect(
      try RewardsSchema.event(#""other":{"level":3,"user.level":[{}]}"#).slot("user.level").kind == .missing)
  }

  @Test("a frame that is handed back is emptied first")
  func reuse() throws {
    let full = try RewardsSchema.event(#""tags":["a","b"],"network":"admob","user.level":1"#)
    let bytes = Array(RewardsSchema.json().utf8)
    let event = try RewardsSchema.decoder.decode(bytes.span, reusing: full.frame)
    #expect(event.frame.slots.count == 20)
    #expect(event.frame.slots.count { $0.kind != .missing } == 1)
    #expect(event.digest == (try RewardsSchema.event().digest))
  }

  @Test(
    "addresses are read strictly and written in one form",
    arguments: [
      ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
      ("2001:0DB8:0:0:0:0:0:1", "2001:db8::1"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
      ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
      ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
      ("::FFFF:c000:0201", "::ffff:192.0.2.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
      ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ])
  func addresses(text: String, canonical: String) throws {
    #expect(try RewardsSchema.event(#""ip":"\#(text)""#).text("ip") == canonical)
    #expect(try RewardsSchema.event(#""ip":"\#(canonical)""#).text("ip") == canonical)
  }

  @Test(
    "what is no address is refused",
    arguments: [
      "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1..2.3", " 1.2.3.4", "1.2.3.4 ",
      "1.2.3.4/8",
      "0x1.2.3.4", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g", "1:", ":1",
      "fe80::1%eth0",
      "[::1]", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "1:2:3:4:5:6:7::8", "::1.2.3.4:5",
    ])
  func badAddresses(text: String) {
    #expect(RewardsSchema.refusal(#""ip":"\#(text)""#)?.code == .badAddress)
  }

  @Test(
    "numbers as text keep to the grammar of JSON",
    arguments: [
      "", "+1", " 1", "1 ", "01", "0x1", "1.", ".5", "1e", "1e+", "--1", "-", "NaN", "inf", "1_0", "１",
    ])
  func badNumbers(text: String) {
    #expect(RewardsSchema.refusal(#""device.score":"\#(text)""#)?.code == .badNumber)
    #expect(RewardsSchema.refusal(#""device.build":"\#(text)""#)?.code == .badNumber)
  }

  @Test("numbers as text are exact")
  func numbersAsText() throws {
    func build(_ text: String) throws -> Int64 {
      try RewardsSchema.event(#""device.build":"\#(text)""#).slot("device.build").integer
    }
    #expect(
      try build("9223372036854775807") == .max && build("-9223372036854775808") == .min && build("-0") == 0)
    #expect(RewardsSchema.refusal(#""device.build":"9223372036854775808""#)?.code == .outOfRange)
    #expect(RewardsSchema.refusal(#""device.build":"1.0""#)?.code == .badNumber)
    #expect(RewardsSchema.refusal(#""device.score":"1e999""#)?.code == .outOfRange)
  }
}
