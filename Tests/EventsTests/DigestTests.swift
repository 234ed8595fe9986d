import CEL
import Events
import Testing

@Suite("The digest of an event's content")
struct DigestTests {
  static let members =
    #""user":{"level":3,"ratio":1.5},"tags":["a","b"],"payout":{"amount_minor":5,"currency":"EUR"}"#

  @Test(
    "does not depend on how the JSON is written",
    arguments: [
      #""payout":{"currency":"EUR","amount_minor":5},"tags":["a","b"],"user":{"ratio":1.5,"level":3}"#,
      #""user.level":3,"user.ratio":1.50,"payout.currency":"EUR","payout.amount_minor":5,"tags":["a","b"]"#,
      #" "user" : { "level" : 3 , "ratio" : 15e-1 } , "tags":["\u0061","b"],"payout":{"amount_minor":5,"currency":"EUR"}"#,
      members + #","undeclared":{"user.level":9,"x":[1,2]},"device":{"seen_at":77},"dry_run":true,"ip":null"#,
    ])
  func same(_ other: String) throws {
    #expect(try RewardsSchema.event(other).digest == RewardsSchema.event(Self.members).digest)
  }

  @Test("depends on every declared value that is not volatile")
  func different() throws {
    let variants = [
      Self.members, Self.members.replacing("3", with: "4"), Self.members.replacing("1.5", with: "1.25"),
      Self.members.replacing("\"b\"]", with: "\"c\"]"),
      Self.members.replacing(#"["a","b"]"#, with: #"["ab"]"#),
      Self.members.replacing("EUR", with: "USD"), Self.members.replacing("level", with: "other"),
      Self.members + #","ip":"::1""#, Self.members + #","network":"::1""#,
      Self.members + #","reverses":"e-0""#,
      Self.members + #","amends":"e-0""#,
    ]
    let digests = try variants.map { try RewardsSchema.event($0).digest }
    #expect(Set(digests).count == variants.count)
  }

  @Test("does not depend on the order of the schema's fields, nor on the event's id")
  func order() throws {
    let schema = Schema(
      identity: RewardsSchema.identity, types: RewardsSchema.types.reversed(),
      fields: RewardsSchema.fields.reversed())
    let json = Array(RewardsSchema.json(Self.members).replacing("e-1", with: "e-2").utf8)
    let other = try EventDecoder(schema: schema).decode(json.span)
    #expect(try other.digest == RewardsSchema.event(Self.members).digest)
  }

  @Test("is the same in every process and release")
  func pinned() throws {
    let digest = try RewardsSchema.event(Self.members).digest
    #expect(digest == EventDigest(high: 9_812_537_229_587_994_748, low: 5_103_445_326_709_857_726))
  }

  @Test("is that of what an event states as its content, and of its type")
  func stated() throws {
    func digest(_ members: String, _ day: String = "2024-05-01") throws -> EventDigest {
      let json = RewardsSchema.json(members + #","content_digest":"c-1""#)
      return try RewardsSchema.decode(Array(json.replacing("2024-05-01", with: day).utf8)).digest
    }
    let first = try digest(Self.members)
    #expect(try digest(#""user.level":4"#, "2024-05-02") == first)
    #expect(try RewardsSchema.event(Self.members).digest != first)
    #expect(try RewardsSchema.event(Self.members + #","content_digest":"c-2""#).digest != first)
    var builder = EventBuilder(schema: RewardsSchema.schema)
    try builder.set("user.id", "u-1")
    let built = try builder.build(id: "e-9", type: "reward.granted", milliseconds: 7, contentDigest: "c-1")
    let other = try builder.build(id: "e-9", type: "reward.reversed", milliseconds: 7, contentDigest: "c-1")
    #expect(built.digest == first && other.digest != first)
  }
}
