import CEL
import Foundation
import TestSupport
import Testing

/// Lists of ranges of addresses, searched and looked through one by one.
@Suite struct AddressRangesTests {
  /// Few values in few bits, so that ranges touch, overlap and hold each other.
  private func address(_ random: inout SeededGenerator) -> IPAddress {
    let near = UInt64.random(in: 0..<64, using: &random)
    let offsets: [UInt32] = [0, 0x0A00_0000, .max - 63]
    switch Int.random(in: 0..<6, using: &random) {
    case 0..<3:
      return IPAddress(v4: UInt32(near) &+ (offsets.randomElement(using: &random) ?? 0))
    case 3: return IPAddress(high: 0, low: near)
    case 4: return IPAddress(high: .max, low: .max - near)
    default: return IPAddress(high: 0x2001_0DB8 << 32 | near >> 5, low: near << 59)
    }
  }

  private func range(_ random: inout SeededGenerator) throws -> CIDRRange {
    let address = address(&random)
    let bits = address.family == 4 ? 32 : 128
    let length =
      Int.random(in: 0..<12, using: &random) == 0
      ? Int.random(in: 0...bits, using: &random) : bits - Int.random(in: 0...5, using: &random)
    return try #require(CIDRRange(address: address, prefixLength: length))
  }

  @Test func findsWhatLookingThroughThemFinds() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("ranges of addresses: seed \(seed)")
    var random = SeededGenerator(seed: seed)
    var held = 0
    for _ in 0..<300 {
      let count = Int.random(in: 0..<12, using: &random)
      let ranges = try (0..<count).map { _ in try range(&random) }
      let bindings = Bindings(
        [("a", .ip, .ip(IPAddress(v4: 0)))],
        constants: [.init(name: "ranges", type: .list(.cidr), value: .list(ranges.map { .cidr($0) }))])
      let program = try bindings.checked("ranges.containsIP(a)")
      for _ in 0..<40 {
        let address = address(&random)
        var frame = Frame(slotCount: 1)
        frame.slots[0] = frame.store(.ip(address))
        let expected = ranges.contains { $0.contains(address) }
        held += expected ? 1 : 0
        #expect(
          try program.holds(frame) == expected, "seed \(seed): \(address.text) in \(ranges.map(\.text))")
      }
    }
    #expect(held > 1_000)
  }

  @Test(arguments: [
    ("[cidr('10.0.0.0/8'), cidr('2001:db8::/32')].containsIP(t)", "bool(true)"),
    ("[cidr('10.0.0.0/16'), cidr('::/0')].containsIP(t)", "bool(false)"),
    ("[cidr('10.0.0.0/8')].containsIP(ip(t))", "bool(true)"),
    // Not constant, or not ranges only.
    ("[cidr(t + '/32'), cidr('11.0.0.0/8')].containsIP(t)", "bool(true)"),
    ("['10.0.0.0/8'].containsIP(t)", "error noSuchOverload"),
    ("[].containsIP(t)", "bool(false)"),
    ("[cidr('10.0.0.0/8')].containsIP('nowhere')", "error invalidConversion"),
    ("[cidr('10.0.0.0/8')].containsIP(1)", "error noSuchOverload"),
    ("[cidr('10.0.0.0/8')].containsIP(missing)", "unknown [1]"),
  ])
  func asksLists(source: String, outcome: String) {
    let bindings = Bindings([("t", .string, .string("10.1.2.3")), ("missing", .string, nil)])
    #expect(bindings.outcome(source) == outcome)
  }

  @Test func namesWhatAListLacks() {
    let bindings = Bindings([("t", .string, .string("10.1.2.3"))])
    #expect(throws: ExpressionDiagnostics.self) { try bindings.checked("['10.0.0.0/8'].containsIP(t)") }
  }

  /// A hundred thousand ranges cost what ten do.
  @Test func costsTheSameHoweverManyThereAre() throws {
    func steps(_ count: Int) throws -> Int {
      let ranges = try (0..<count).map { number in
        try #require(CIDRRange(address: IPAddress(v4: UInt32(number * 512)), prefixLength: 24))
      }
      var bindings = Bindings(
        [("t", .string, .string("0.3.2.1"))],
        constants: [.init(name: "ranges", type: .list(.cidr), value: .list(ranges.map { .cidr($0) }))])
      bindings.environment.sizes = InputSizes(usual: InputSizes.Extent(textBytesMax: 64))
      let program = try bindings.checked("ranges.containsIP(t)")
      #expect(try program.holds(bindings.frame) == (count > 385))
      return try #require(program.stepsBound(in: bindings.environment))
    }
    #expect(try steps(10) == steps(100_000))
  }
}
