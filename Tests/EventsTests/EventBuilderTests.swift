import CEL
import Events
import TestSupport
import Testing

@Suite("Events from a builder")
struct EventBuilderTests {
  @Test("are what the same content in JSON gives")
  func generated() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("events from a builder and from JSON: seed \(seed)")
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let content = GeneratedContent(using: &random)
      let json = content.json(using: &random)
      let built = Content(try content.built())
      #expect(try Content(RewardsSchema.decode(Array(json.utf8))) == built, "seed \(seed): \(json)")
    }
  }

  @Test("need no JSON for literals")
  func literals() throws {
    var builder = EventBuilder(schema: RewardsSchema.schema)
    try builder.set("user.id", "u-1")
    try builder.set("user.level", 3)
    try builder.set("user.ratio", 1.5)
    try builder.set("user.verified", true)
    try builder.set("tags", ["a", "b"])
    let time = try #require(Timestamp(rfc3339: "2024-05-01T10:00:00Z"))
    let event = try builder.build(id: "e-1", type: "reward.granted", time: time)
    let same = try RewardsSchema.event(#""user":{"level":3,"ratio":1.5,"verified":true},"tags":["a","b"]"#)
    #expect(event.digest == same.digest)
    builder.remove("tags")
    try builder.set("user.level", 4)
    let next = try builder.build(id: "e-2", type: "reward.granted", time: time)
    #expect(try next.digest == RewardsSchema.event(#""user":{"level":4,"ratio":1.5,"verified":true}"#).digest)
  }

  private func refusal(_ body: (inout EventBuilder) throws(DecodeError) -> Void) -> DecodeError? {
    var builder = EventBuilder(RewardsSchema.decoder)
    do {
      try body(&builder)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "refuse what JSON could not carry either",
    arguments: [
      (
        "user.levl", 3, DecodeError.Code.unknownField,
        "`user.levl` is not a declared field, did you mean `user.level`?"
      ),
      ("user.level", "3", .wrongType, "`user.level` must be an integer, found text"),
      (
        "user.level", 3.5, .wrongType,
        "`user.level` must be an integer, found a number with a fraction or an exponent"
      ),
      (
        "user.ratio", .double(.nan), .outOfRange,
        "`user.ratio` must be a number that a double holds, found one that is not"
      ),
      (
        "user.id", .timestamp(Timestamp(seconds: 0)!), .wrongType, "`user.id` must be text, found a timestamp"
      ),
      ("tags", "a", .wrongType, "`tags` must be a list, found text"),
      ("tags", ["a", ["b"]], .wrongType, "element 2 of `tags` must be text, found a list"),
      (
        "payout.currency", "euro", .wrongType,
        "`payout.currency` must be a currency of three capital letters, found other text"
      ),
      ("ip", "1.2.3", .badAddress, "`ip` must be an IPv4 or IPv6 address, found other text"),
    ] as [(String, FieldValue, DecodeError.Code, String)])
  func refused(path: String, value: FieldValue, code: DecodeError.Code, message: String) {
    let refused = refusal { builder throws(DecodeError) in try builder.set(path, value) }
    #expect(refused == DecodeError(code: code, field: path, message: message))
  }

  @Test("refuse a bad identity and missing fields")
  func badIdentity() {
    func build(
      id: String = "e", type: String? = "reward.granted", milliseconds: Int64 = 0, user: FieldValue? = "u",
      amount: FieldValue? = nil
    ) -> DecodeError? {
      refusal { builder throws(DecodeError) in
        if let user { try builder.set("user.id", user) }
        if let amount { try builder.set("payout.amount", amount) }
        _ = try builder.build(id: id, type: type, milliseconds: milliseconds)
      }
    }
    #expect(build() == nil)
    #expect(build(id: "")?.code == .badIdentity)
    #expect(build(id: "a\n")?.code == .badIdentity)
    #expect(build(type: nil)?.code == .missingField)
    #expect(build(type: "reward")?.code == .unknownType)
    #expect(build(milliseconds: .max)?.code == .outOfRange)
    #expect(build(user: nil)?.message == "`user.id` is required, found nothing")
    #expect(build(amount: 5)?.message == "`payout.currency` is missing, but `payout.amount_minor` is there")
  }
}

@Suite("Many threads")
struct ThreadTests {
  @Test("decode at once with one decoder")
  func concurrent() async throws {
    let seed: UInt64 = 7
    var random = SeededGenerator(seed: seed)
    let cases = (0..<200).map { _ in
      let content = GeneratedContent(using: &random)
      return (json: Array(content.json(using: &random).utf8), content: content)
    }
    let expected = try cases.map { Content(try $0.content.built()) }
    let bytes = cases.map(\.json)
    let mistakes = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask { @concurrent in
          var mistakes = 0
          for _ in 0..<5 {
            for (json, content) in zip(bytes, expected) {
              let event = try? RewardsSchema.decode(json)
              if event.map(Content.init) != content { mistakes += 1 }
              if RewardsSchema.refusal(Array(json.dropLast())) == nil { mistakes += 1 }
            }
          }
          return mistakes
        }
      }
      return await group.reduce(0, +)
    }
    #expect(mistakes == 0)
  }
}
