extension Simulation {
  /// Sixteen digits that change when the simulator writes anything otherwise: figures of two simulators cannot be compared.
  package static let fingerprint: String = {
    let stream = RecordedStream(Plan(seed: 1, players: 40, days: 12, operations: 1))
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for line in stream.lines + stream.labels {
      for byte in line.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }()
}
