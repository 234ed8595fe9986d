package import RedisWindows
package import TestSupport

/// What one seed draws before its events begin: how the store is set up and what will go wrong.
package struct SimulationSettings {
  package var store = StoreSettings(namespace: "s")
  package var weather = SimulatedNetwork.Weather()
  package var instances = 1
  /// How likely an event is sent under another plan, in hundredths.
  package var reloads = 0
  /// Between two events; nanoseconds.
  package var gapMax: Int64 = 0
  /// Before one event in three; nanoseconds. Time for what failed to be appended: else one fault degrades all that follows.
  package var pauseMax: Int64 = 0
  package var mishaps: [Mishap] = []

  /// Something that goes wrong at a moment, some of it for a while.
  package struct Mishap {
    package enum Kind: CaseIterable {
      case outage, failOver, failOverWithLoss, deletion, memoryFull, readOnly, loading, kill, cut, noReplica
    }
    package var kind: Kind
    /// In nanoseconds.
    package var moment: Int64
    package var duration: Int64
  }

  /// Whether nothing goes wrong and nothing is forgotten.
  package var isUndisturbed: Bool {
    mishaps.isEmpty && weather.cuts + weather.dropsReplies + weather.lingers + weather.stalls == 0
      && store.cacheBytesMax == 1 << 20
  }

  package init(_ random: inout SeededGenerator, events: Int) {
    store.cacheBytesMax = pick([600, 4_000, 1 << 20], &random)
    store.trimBytesMin = pick([64, 400, 1_500], &random)
    store.recordsKept = pick([0, 1, 4, 8, 64], &random)
    store.sliceBytes = pick([400, 1_000, 1 << 18, 1 << 18], &random)
    store.isSharded = chance(30, &random)
    store.waitsForReplica = chance(20, &random)
    store.backlogBytesMax = pick([2_000, 1 << 20, 1 << 20, 1 << 20], &random)
    instances = Int.random(in: 1...4, using: &random)
    reloads = pick([0, 0, 0, 10, 50], &random)
    gapMax = pick([20_000, 500_000, 5_000_000, 30_000_000], &random)
    pauseMax = pick([0, 100_000_000, 100_000_000, 100_000_000, 100_000_000, 100_000_000], &random)
    weather.delayMax = pick([50_000, 500_000, 3_000_000], &random)
    weather.splits = pick([0, 300, 900], &random)
    if chance(25, &random) { return }
    weather.cuts = pick([0, 0, 4, 30], &random)
    weather.dropsReplies = pick([0, 0, 4, 30], &random)
    weather.lingers = pick([0, 0, 4, 30], &random)
    weather.stalls = pick([0, 0, 4, 30], &random)
    let end = Int64(events) * (gapMax * 2 + pauseMax) / 6
    for _ in 0..<Int.random(in: 0...5, using: &random) {
      let kind = pick(Mishap.Kind.allCases, &random)
      mishaps.append(
        Mishap(
          kind: kind, moment: Int64.random(in: 0...max(end, 1), using: &random),
          duration: pick([100_000, 3_000_000, 30_000_000], &random)))
    }
  }
}

func chance(_ percent: Int, _ random: inout SeededGenerator) -> Bool {
  Int.random(in: 0..<100, using: &random) < percent
}

func pick<Element>(_ choices: [Element], _ random: inout SeededGenerator) -> Element {
  choices[Int.random(in: choices.indices, using: &random)]
}
