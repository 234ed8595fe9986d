import CEL
import Testing

@Suite("Suggestions")
struct DidYouMeanTests {
  static let cases: [(name: String, candidates: [String], nearest: String?)] = [
    ("payouts_24", ["payouts_7d", "payouts_24h"], "payouts_24h"),
    ("recieve", ["receive", "relieve"], "receive"),
    ("True", ["true"], "true"), ("ab", ["ba", "xy"], "ba"), ("b", ["a"], nil), ("user", ["user"], nil),
    ("abc", ["xyz", "abxyz"], nil), ("cat", ["car", "bat"], "bat"), ("", ["a"], nil), ("été", ["ete"], nil),
    (String(repeating: "a", count: 200), [String(repeating: "a", count: 199)], nil),
  ]

  @Test("The nearest name within a sensible distance", arguments: cases)
  func nearest(name: String, candidates: [String], nearest: String?) {
    #expect(DidYouMean.nearest(to: name, among: candidates) == nearest)
    #expect(DidYouMean.nearest(to: name, among: candidates.reversed()) == nearest)
  }
}
