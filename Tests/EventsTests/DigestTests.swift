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
}
