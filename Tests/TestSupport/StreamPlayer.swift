/// Random choices by integer arithmetic alone, so that a seed gives the same stream on any machine.
struct StreamDice {
  private var generator: SeededGenerator

  /// Streams of one seed are independent: one more player changes no other player's life.
  init(seed: UInt64, stream: UInt64) {
    var mixer = SeededGenerator(seed: seed)
    generator = SeededGenerator(seed: mixer.next() ^ (stream &* 0xD134_2543_DE82_EF95))
  }

  /// 0 to `bound` - 1.
  mutating func below(_ bound: Int64) -> Int64 { Int64(generator.next() % UInt64(bound)) }
  mutating func between(_ low: Int64, _ high: Int64) -> Int64 { low + below(high - low + 1) }
  mutating func chance(perMille: Int64) -> Bool { below(1000) < perMille }
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(below(Int64(elements.count)))]
  }

  /// Ten hexadecimal digits.
  mutating func hex() -> String {
    let digits = String(generator.next() >> 24, radix: 16)
    return String(repeating: "0", count: 10 - digits.count) + digits
  }
}

/// Where an event comes from.
struct StreamPlace {
  let address: String
  let country: String
  let kind: String
}

/// What an event comes from.
struct StreamPhone {
  let id: String
  let model: String
  let abi: String
  /// Play Integrity's device verdicts; nil on Apple's phones.
  let verdicts: [String]?

  /// An honest owner who likes to tinker; Apple's phones know no such thing.
  var withUnlockedBootLoader: StreamPhone {
    StreamPhone(id: id, model: model, abi: abi, verdicts: verdicts == nil ? nil : ["MEETS_BASIC_INTEGRITY"])
  }
}

/// One account, honest or not.
struct StreamPlayer {
  let id: String
  let country: StreamCountry
  let createdAt: Int64
  var phone: StreamPhone
  var home: StreamPlace
  let onTheMove: StreamPlace
  var receiver: String
  var mailDomain = "example.com"
  /// Coins earned and not yet paid out.
  var balance: Int64 = 0
  var lastPayout: Int64
  /// Rises with every assertion of App Attest.
  var assertions: Int64 = 0
}

/// A country's clock, money and mobile carrier.
struct StreamCountry {
  let code: String
  let utcOffsetHours: Int64
  let currency: String
  let carrierAddress: String

  /// Daylight saving is left out: it would change no rule.
  static let all = [
    StreamCountry(code: "DE", utcOffsetHours: 1, currency: "EUR", carrierAddress: "198.51.100.10"),
    StreamCountry(code: "US", utcOffsetHours: -6, currency: "USD", carrierAddress: "198.51.100.20"),
    StreamCountry(code: "BR", utcOffsetHours: -3, currency: "BRL", carrierAddress: "198.51.100.30"),
    StreamCountry(code: "JP", utcOffsetHours: 9, currency: "JPY", carrierAddress: "2001:db8:4a50::1"),
  ]
}

/// The people and phones of a stream, numbered as they are made.
struct StreamCast {
  private var dice: StreamDice
  private var count: Int64 = 0
  private let start: Int64

  init(seed: UInt64, start: Int64) {
    dice = StreamDice(seed: seed, stream: 1)
    self.start = start
  }

  /// A player with a phone and a home of their own; `createdAt` is months back unless given.
  mutating func player(createdAt: Int64? = nil) -> StreamPlayer {
    count += 1
    let country = StreamCountry.all[Int(count) % StreamCountry.all.count]
    let opened = createdAt ?? start - dice.between(10, 300) * StreamTime.day - dice.below(StreamTime.day)
    return StreamPlayer(
      id: "u\(1000 + count)", country: country, createdAt: opened / 1000 * 1000, phone: phone(),
      home: place(country.code, kind: "wifi"),
      onTheMove: StreamPlace(address: country.carrierAddress, country: country.code, kind: "mobile"),
      receiver: "r\(1000 + count)@example.com", lastPayout: start - dice.between(0, 6) * StreamTime.day)
  }

  mutating func phone() -> StreamPhone {
    let id = "d" + dice.hex()
    if dice.chance(perMille: 350) {
      return StreamPhone(
        id: id, model: dice.pick(["iPhone14,5", "iPhone15,2"]), abi: "arm64-v8a", verdicts: nil)
    }
    let model = dice.pick(["Pixel 8", "SM-A546B", "moto g54", "Redmi Note 12"])
    return StreamPhone(
      id: id, model: model, abi: "arm64-v8a", verdicts: ["MEETS_BASIC_INTEGRITY", "MEETS_DEVICE_INTEGRITY"])
  }

  mutating func emulator() -> StreamPhone {
    StreamPhone(
      id: "d" + dice.hex(), model: dice.pick(["sdk_gphone64_x86_64", "Genymotion", "VirtualBox"]),
      abi: "x86_64",
      verdicts: ["MEETS_VIRTUAL_INTEGRITY"])
  }

  /// An address of the blocks that are reserved for documentation.
  mutating func place(_ country: String, kind: String) -> StreamPlace {
    count += 1
    let address =
      dice.chance(perMille: 400)
      ? "2001:db8:\(String(dice.between(16, 0xFFFE), radix: 16))::\(String(dice.between(1, 0xFFFE), radix: 16))"
      : "\(dice.pick(["203.0.113", "192.0.2"])).\(1 + count % 254)"
    return StreamPlace(address: address, country: country, kind: kind)
  }
}

/// Spans in milliseconds.
enum StreamTime {
  static let second: Int64 = 1000
  static let minute: Int64 = 60 * second
  static let hour: Int64 = 60 * minute
  static let day: Int64 = 24 * hour
}
