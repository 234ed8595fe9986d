import Assay
import TestSupport
import Windows

/// Draws the events that are sent, and holds every answer against what was sent and answered before.
final class ChaosLedger: Sendable {
  /// An event on its way: its serial, its bytes, and how it is to be repeated.
  struct Sending: Sendable {
    let serial: Int
    let json: [UInt8]
  }

  private let state: Guarded<ChaosState>

  init(seed: UInt64, population: Int, roundSize: Int, losesData: Bool) {
    state = Guarded(
      ChaosState(seed: seed, population: population, roundSize: roundSize, losesData: losesData))
  }

  /// The next event: a new one, or one that was sent before, or another content under its id, or its reversal.
  func next() -> Sending { state.withLock { $0.next() } }

  /// The same event once more.
  func again(_ serial: Int) -> Sending { state.withLock { $0.again(serial) } }

  /// Takes an answer; true when the event should be tried again.
  func take(_ answer: Result<Decision, EventRefusal>, to serial: Int) -> Bool {
    state.withLock { $0.take(answer, to: serial) }
  }

  /// Reads or changes the state.
  func withState<Value>(_ body: (inout ChaosState) -> Value) -> Value { state.withLock(body) }
}

/// What a ledger knows.
struct ChaosState {
  let population: Int
  let losesData: Bool
  var random: SeededGenerator
  var figures = ChaosFigures()
  var entries: [ChaosEntry] = []
  /// The serial of the first entry.
  var firstSerial = 0
  /// The payments of each entity, by serial.
  var payments: [ChaosEntity: [Int]] = [:]
  var era = 0
  /// The time of the newest event, and what lies between two.
  var now: Int64 = 1_767_600_000_000
  private let step: Int64
  private let roundSize: Int
  /// Counts what is sent and answered.
  private(set) var moment = 0
  /// The blows since the era began that acknowledged events may be lost by, and when they were over.
  var risks: [(fault: ChaosFault, end: Int)] = []
  /// Events that were sent for the first time, or again, since the round began.
  var sentInRound = 0
  private let label: String

  init(seed: UInt64, population: Int, roundSize: Int, losesData: Bool) {
    random = SeededGenerator(seed: seed)
    self.population = population
    self.losesData = losesData
    self.roundSize = roundSize
    step = ChaosRules.window / 2 / Int64(roundSize)
    label = String(seed, radix: 36)
  }

  func entry(_ serial: Int) -> ChaosEntry? {
    let index = serial - firstSerial
    return entries.indices.contains(index) ? entries[index] : nil
  }

  mutating func change(_ serial: Int, _ body: (inout ChaosEntry) -> Void) {
    let index = serial - firstSerial
    if entries.indices.contains(index) { body(&entries[index]) }
  }

  mutating func tick() -> Int {
    moment += 1
    return moment
  }

  /// The serial of the event that first had an id; nil for ids that were never drawn.
  func serial(of id: String) -> Int? {
    let parts = id.split(separator: "-")
    guard parts.count == 2, parts[0] == label, let serial = Int(parts[1]), serial < nextSerial else {
      return nil
    }
    return serial
  }

  private var nextSerial: Int { firstSerial + entries.count }

  mutating func next() -> ChaosLedger.Sending {
    let recent = max(firstSerial, nextSerial - 300)..<nextSerial
    let roll = Int.random(in: 0..<100, using: &random)
    if roll < 15, let serial = recent.randomElement(using: &random) {
      if roll < 8 { return again(serial) }
      if let sending = roll < 11 ? rival(of: serial) : reversal(of: serial) { return sending }
    }
    return send(payment())
  }

  mutating func again(_ serial: Int) -> ChaosLedger.Sending {
    sentInRound += 1
    _ = tick()
    // Until it is taken back it may count where no other content under its id does.
    change(serial) { $0.isOut = false }
    return ChaosLedger.Sending(serial: serial, json: entry(serial)?.event.json ?? [])
  }

  private mutating func send(_ event: ChaosEvent) -> ChaosLedger.Sending {
    sentInRound += 1
    entries.append(ChaosEntry(event, firstSent: tick()))
    if event.kind == .pay {
      for entity in event.entities { payments[entity, default: []].append(event.serial) }
    }
    return ChaosLedger.Sending(serial: event.serial, json: event.json)
  }

  private mutating func payment() -> ChaosEvent {
    // A round is half a window, however many events are sent while a fault lasts: all are still in the windows when
    // they are looked for at its end.
    if sentInRound < roundSize { now += step }
    let serial = nextSerial
    let time = now + Int64.random(in: -5_000...5_000, using: &random)
    let entities = drawEntities()
    return ChaosEvent(
      serial: serial, id: "\(label)-\(serial)", kind: .pay, time: time, entities: entities,
      amounts: drawAmounts(entities))
  }

  /// A user, mostly a device and often a card; some of each are busier than others.
  private mutating func drawEntities() -> [ChaosEntity] {
    var entities: [ChaosEntity] = []
    for kind in ChaosKind.allCases {
      if kind != .user && Int.random(in: 0..<10, using: &random) < 3 * kind.rawValue - 1 { continue }
      let part = Double.random(in: 0..<1, using: &random) * Double.random(in: 0.5..<1, using: &random)
      entities.append(ChaosEntity(kind: kind, number: Int(part * Double(population)), era: era))
    }
    return entities
  }

  private mutating func drawAmounts(_ entities: [ChaosEntity]) -> [Int] {
    entities.map { Int.random(in: 1...9_999, using: &random) * 1_000 + $0.number }
  }

  /// Another content under the same id.
  private mutating func rival(of serial: Int) -> ChaosLedger.Sending? {
    guard let first = entry(serial), first.event.kind == .pay, first.undo == nil, first.rivals.isEmpty else {
      return nil
    }
    var event = first.event
    event.serial = nextSerial
    event.time += 1
    if Bool.random(using: &random) { event.entities = drawEntities() }
    event.amounts = drawAmounts(event.entities)
    let sending = send(event)
    change(serial) { $0.rivals = [event.serial] }
    change(event.serial) { $0.rivals = [serial] }
    return sending
  }

  private mutating func reversal(of serial: Int) -> ChaosLedger.Sending? {
    guard let first = entry(serial), first.event.kind == .pay, first.undo == nil, first.rivals.isEmpty else {
      return nil
    }
    var event = first.event
    event.serial = nextSerial
    event.id = "\(label)-\(event.serial)"
    event.kind = .undo
    event.target = (serial, first.event.id)
    event.amounts = event.amounts.map { _ in 0 }
    change(serial) { $0.undo = event.serial }
    return send(event)
  }
}
