import RuleSets
import Testing

/// Spans of time as authors write them and as reasons show them.
@Suite struct DurationTests {
  @Test func readersSeeUnits() {
    let spans: [(Int64, String)] = [
      (0, "0s"), (1, "1ms"), (250, "250ms"), (999, "999ms"), (1_000, "1s"), (1_500, "1.5s"),
      (1_001, "1.001s"),
      (59_999, "59.999s"), (60_000, "1m"), (61_250, "1m1.25s"), (300_000, "5m"), (3_600_000, "1h"),
      (3_600_001, "1h0.001s"), (5_400_000, "1h30m"), (86_400_000, "1d"), (129_600_000, "1d12h"),
      (5_183_999_000, "59d23h59m59s"), (604_800_000, "7d"), (-1_500, "-1.5s"), (-5_400_000, "-1h30m"),
      (.max, "106751991167d7h12m55.807s"), (.min, "-106751991167d7h12m55.808s"),
    ]
    for (span, text) in spans { #expect(DurationLiteral.shown(span) == text) }
  }

  /// Without a fraction it is what an author would write.
  @Test func whatIsShownCanBeWritten() {
    for seconds in stride(from: Int64(0), through: 10_000_000, by: 997) {
      #expect(DurationLiteral.milliseconds(DurationLiteral.shown(seconds * 1_000)) == seconds * 1_000)
    }
  }
}
