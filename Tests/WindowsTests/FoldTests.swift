import CEL
import Events
import Foundation
import TestSupport
import Testing
import Windows

@Suite struct FoldTests {
  /// Logs with random bytes changed, cut off or put in: an answer or `damaged`, never a trap.
  @Test func damagedLogsAreRefused() {
    let seed = UInt64.random(in: 0..<1_000_000)
    print("damaged logs from seed \(seed)")
    var damaged = 0
    for seed in seed..<seed + 400 {
      var streams = WindowStreams(seed: seed)
      let plan = streams.plan(identity: 1)
      let layout = plan.layouts[0]
      let log = Self.log(&streams, plan)
      for _ in 0..<10 {
        var bytes = log
        for _ in 0..<Int.random(in: 1...4, using: &streams.random) {
          let place = Int.random(in: bytes.indices, using: &streams.random)
          switch Int.random(in: 0..<5, using: &streams.random) {
          case 0: bytes.removeSubrange(place...)
          case 1: bytes.insert(UInt8.random(in: 0...255, using: &streams.random), at: place)
          default: bytes[place] = UInt8.random(in: 0...255, using: &streams.random)
          }
          if bytes.isEmpty { bytes = [0] }
        }
        if !Self.fold(bytes, layout, featureSlots: 40) { damaged += 1 }
      }
    }
    #expect(damaged > 100)
  }

  private static func log(_ streams: inout WindowStreams, _ plan: WindowPlan) -> [UInt8] {
    var log: [UInt8] = []
    for event in streams.events(count: 25) {
      let visit = Visit.prepare(event.decoded(featureCount: 20), plan: plan)
      for append in visit.appends where append.entity == 0 { log += visit.bytes[append.record] }
    }
    return log
  }

  /// Folds, reads and trims; false when the log is called damaged.
  private static func fold(_ bytes: [UInt8], _ layout: FoldLayout, featureSlots: Int) -> Bool {
    var frame = Frame(slotCount: WindowEvent.Fields.features + featureSlots)
    frame.slots[WindowEvent.Fields.currency] = frame.store("EUR")
    var scratch = FoldScratch()
    var fold = EntityFold(layout: layout)
    do throws(StoreFailure) {
      let log = bytes.span.bytes
      let end = log.byteCount
      _ = try fold.advance(
        log, own: end..<end, time: 1_700_000_000_300, type: 0, layout: layout, scratch: &scratch, into: &frame
      )
      _ = try fold.trim(log, layout: layout, scratch: &scratch)
      return true
    } catch {
      #expect(error.code == .damaged)
      return false
    }
  }

  /// A count and a mean of the same records part over one that only the count counts, and over one that only it
  /// can compute; what was counted before stays.
  @Test(arguments: [false, true]) func countAndMeanPart(overAFailure fails: Bool) {
    let first = WindowEvent.Fields.features
    let features = [
      FeaturePlan(slot: first, aggregation: .count, types: [11], overMilliseconds: 1_000),
      FeaturePlan(slot: first + 1, aggregation: .mean, value: 0, overMilliseconds: 1_000),
      FeaturePlan(slot: first + 2, aggregation: .count, overMilliseconds: 1_000),
    ]
    let entity = EntityPlan(
      name: "user", keySlots: [0], columns: WindowEvent.columns, features: features, recordsType: [true],
      readsByType: [Array(features.indices)], retentionMilliseconds: 1_000)
    let plan = WindowPlan(
      identity: 1, typeTags: [11], entities: [entity], latenessMillisecondsMax: 0, idRetentionMilliseconds: 1)
    let store = MemoryWindows(bytesMax: 1 << 24, shardCount: 1)
    for number in 1...6 {
      var event = WindowEvent(id: "e\(number)", time: Int64(number))
      if number != 4 { event.slots[WindowEvent.Fields.amount] = .int(Int64(number)) }
      if number == 4 && fails { event.slots[WindowEvent.Fields.amount] = .failure }
      var visit = Visit.prepare(event.decoded(featureCount: 3), plan: plan)
      store.exchange(&visit)
      let slots = visit.event.frame.slots
      #expect(slots[first].integer == Int64(number) && slots[first + 2].integer == Int64(number))
      let mean = slots[first + 1]
      if fails && number >= 4 {
        #expect(mean.kind == .failure)
      } else {
        #expect(mean.kind == .double && mean.double == [1, 1.5, 2, 2, 11.0 / 4, 17.0 / 5][number - 1])
      }
    }
  }

  /// Sums, squares and gaps at the ends of 64 bits.
  @Test func extremesOfIntegers() {
    let first = WindowEvent.Fields.features
    let aggregations: [Aggregation] = [.sum, .mean, .min, .max, .stddev]
    let features = aggregations.enumerated().map { index, aggregation in
      FeaturePlan(slot: first + index, aggregation: aggregation, value: 0, overMilliseconds: 1_000)
    }
    let entity = EntityPlan(
      name: "user", keySlots: [0], columns: WindowEvent.columns, features: features, recordsType: [true],
      readsByType: [Array(features.indices)], retentionMilliseconds: 1_000)
    let plan = WindowPlan(
      identity: 1, typeTags: [11], entities: [entity], latenessMillisecondsMax: 0, idRetentionMilliseconds: 1)
    let store = MemoryWindows(bytesMax: 1 << 24, shardCount: 1)
    func send(_ number: Int, _ amount: Int64) -> [Slot] {
      var event = WindowEvent(id: "e\(number)", time: Int64(number))
      event.slots[WindowEvent.Fields.amount] = .int(amount)
      let visit = store.exchange(
        Visit.prepare(event.decoded(featureCount: 5), plan: plan), resume: { _ in })
      return visit.map { Array($0.event.frame.slots[first..<first + 5]) } ?? []
    }
    #expect(send(0, .max)[0].integer == .max)
    let overflown = send(1, .max)
    #expect(overflown[0].kind == .failure && overflown[0].payload == WindowFailure.sumOverflow)
    #expect(overflown[1].double == Double(Int64.max) && overflown[4].double == 0)
    let back = send(2, -.max)
    #expect(back[0].integer == .max && back[2].integer == -.max && back[3].integer == .max)
    for number in 3..<40 { _ = send(number, number % 2 == 0 ? .min : .max) }
    let spread = send(40, .min)
    #expect(abs(spread[4].double / 0x1p63 - 1) < 0.01)
    #expect(spread[2].integer == .min)
    let alone = send(2_000, 3)
    #expect(alone.map(\.kind) == [.int, .double, .int, .int, .double])
    #expect(alone[0].integer == 3 && alone[1].double == 3 && alone[4].double == 0)
  }

  /// More currencies, or operations on one record, than are told apart make failures, never smaller windows.
  @Test func tooManyAreFailures() {
    let slot = WindowEvent.Fields.features
    let currency = WindowEvent.columns.firstIndex { $0.slot == WindowEvent.Fields.currency }
    let features = [
      FeaturePlan(slot: slot, aggregation: .sum, types: [11], value: 0, overMilliseconds: 1_000),
      FeaturePlan(
        slot: slot + 1, aggregation: .sum, types: [11], value: 0, currency: currency, overMilliseconds: 1_000),
    ]
    let entity = EntityPlan(
      name: "user", keySlots: [0], columns: WindowEvent.columns, features: features,
      recordsType: [true, true], readsByType: [[0, 1], [0, 1]], retentionMilliseconds: 1_000)
    let plan = WindowPlan(
      identity: 1, typeTags: [11, 12], entities: [entity], latenessMillisecondsMax: 0,
      idRetentionMilliseconds: 1)
    let store = MemoryWindows(bytesMax: 1 << 24, shardCount: 1)
    func send(_ id: String, _ currency: Int, type: Int = 0, at time: Int64 = 10, to target: String? = nil)
      -> [Slot]
    {
      var event = WindowEvent(id: id, type: type, time: time)
      event.slots[WindowEvent.Fields.amount] = .int(1)
      event.slots[WindowEvent.Fields.currency] = .text("C\(currency)")
      event.amends = target
      let visit = store.exchange(
        Visit.prepare(event.decoded(featureCount: 2), plan: plan), resume: { _ in })
      return visit.map { Array($0.event.frame.slots[slot..<slot + 2]) } ?? []
    }
    for number in 0..<80 {
      let answer = send("e\(number)", number)
      #expect(answer[0].integer == Int64(number + 1))
      #expect(answer[1].kind == (number < EntityFold.currenciesMax ? .int : .failure))
    }
    #expect(send("first", 0)[1].integer == 2)
    #expect(send("later", 79, at: 2_000)[1].integer == 1)
    for number in 1...EntityFold.operationsMax {
      #expect(send("m\(number)", 79, type: 1, at: 2_000, to: "later")[0].integer == 1)
    }
    for number in 0..<10 {
      #expect(send("n\(number)", 79, type: 1, at: 2_000, to: "later")[0].kind == .failure)
    }
    #expect(send("late", 79, at: 2_000).map(\.kind) == [.failure, .failure])
    for number in 0..<300 { _ = send("o\(number)", 79, type: 1, at: 4_000, to: "coming") }
    #expect(send("coming", 79, at: 4_000).map(\.kind) == [.failure, .failure])
  }

  /// The vectors of SQRL that a left-open window passes without exception.
  @Test(.enabled(if: SharedData.url("data/conformance/windows.json") != nil))
  func decayingCountsOfSQRL() throws {
    let url = try #require(SharedData.url("data/conformance/windows.json"))
    let vectors = try JSONDecoder().decode(WindowVectors.self, from: Data(contentsOf: url))
    let test = try #require(vectors.sqrl.tests.first { $0.name == "decaying works" })
    let windows = try #require(test.windows)
    let names = windows.keys.sorted()
    let first = WindowEvent.Fields.features
    let features = names.enumerated().map { index, name in
      let over = windows[name] ?? nil
      return FeaturePlan(slot: first + index, aggregation: .count, overMilliseconds: over)
    }
    let entity = EntityPlan(
      name: "user", keySlots: [0], columns: [], features: features, recordsType: [true],
      readsByType: [Array(features.indices)], retentionMilliseconds: .max)
    let plan = WindowPlan(
      identity: 1, typeTags: [11], entities: [entity], latenessMillisecondsMax: 0, idRetentionMilliseconds: 1)
    let store = MemoryWindows(bytesMax: 1 << 24)
    for (number, step) in (test.steps ?? []).enumerated() {
      let event = WindowEvent(id: "e\(number)", time: 1_547_758_768_874 + step.time)
      let prepared = Visit.prepare(event.decoded(featureCount: names.count), plan: plan)
      let visit = waitFor { resume in store.exchange(prepared, resume: resume) }
      for (index, name) in names.enumerated() {
        #expect(
          visit.event.frame.slots[first + index].integer == step.expect?[name], "\(name) at \(step.time)")
      }
    }
  }

  private struct WindowVectors: Decodable {
    struct Group: Decodable { var tests: [Vector] }
    struct Vector: Decodable {
      var name: String
      var windows: [String: Int64?]?
      var steps: [Step]?
    }
    /// Steps of other vectors expect other things; these are left nil.
    struct Step: Decodable {
      var time: Int64
      var expect: [String: Int64]?
      enum CodingKeys: String, CodingKey { case time = "t", expect }
      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        time = (try? container.decode(Int64.self, forKey: .time)) ?? 0
        expect = try? container.decode([String: Int64].self, forKey: .expect)
      }
    }
    var sqrl: Group
  }
}
