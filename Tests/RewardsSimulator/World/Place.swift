/// What kind of network an address belongs to, as a provider of such data tells.
enum NetworkKind: Sendable {
  case mobile, wifi, hosting, vpn

  var word: StaticString {
    switch self {
    case .mobile: "mobile"
    case .wifi: "wifi"
    case .hosting: "hosting"
    case .vpn: "vpn"
    }
  }
}

/// Where an event comes from.
struct Place: Sendable {
  let address: String
  /// Index into `Country.all`.
  let country: Int
  let kind: NetworkKind

  /// One of the few addresses that a carrier has for all its customers.
  static func carrier(_ country: Int, _ dice: inout Dice) -> Place {
    Place(
      address: Addresses.carrier(country, dice.below(Country.carrierAddresses)), country: country,
      kind: .mobile)
  }

  /// An exit of a VPN provider.
  static func exit(_ country: Int, _ dice: inout Dice) -> Place {
    Place(address: Addresses.exit(country, dice.below(Country.exitAddresses)), country: country, kind: .vpn)
  }

  /// A computer in a data centre: of one that everybody's lists have, of one that only those have who keep such data, or
  /// of a small one that passes for a line of a home.
  static func hosting(_ country: Int, _ dice: inout Dice) -> Place {
    let roll = dice.unit()
    if roll < 0.4 {
      let address = Addresses.listedHosting(dice.below(Addresses.hostingCount))
      return Place(address: address, country: country, kind: .hosting)
    }
    return Place(
      address: Addresses.otherHosting(dice.below(Addresses.hostingCount)), country: country,
      kind: roll < 0.75 ? .hosting : .wifi)
  }

  /// Where a company's or a relay's customers come out: data centres too, with honest people behind them.
  static func relay(_ country: Int, isListed: Bool, _ dice: inout Dice) -> Place {
    let number = country * Country.relayAddresses + dice.below(Country.relayAddresses)
    let address = isListed ? Addresses.listedHosting(number) : Addresses.relay(number)
    return Place(address: address, country: country, kind: .hosting)
  }

  /// Somebody else's home: a hotel, a café, a hijacked router that is let as a proxy.
  static func stranger(_ country: Int, _ dice: inout Dice) -> Place {
    Place(address: Addresses.home(dice.below(Addresses.homes)), country: country, kind: .wifi)
  }
}

/// Addresses that belong to nobody, those of RFC 5737 and RFC 3849. The former have room for carriers, VPN providers and data
/// centres; homes are of the latter, also those that stand for one IPv4 address with a household behind it.
enum Addresses {
  static let homes = 1 << 24

  static func carrier(_ country: Int, _ index: Int) -> String { "198.51.100.\(10 + country * 10 + index)" }

  static func exit(_ country: Int, _ index: Int) -> String { "203.0.113.\(1 + country * 16 + index)" }

  /// One of those that `hosting_ranges` has.
  static func listedHosting(_ index: Int) -> String { "198.51.100.\(192 + index)" }

  /// Of a data centre that is not in the list.
  static func otherHosting(_ index: Int) -> String { "192.0.2.\(1 + index)" }
  static let hostingCount = 63

  /// Where a relay's customers come out; in no list either.
  static func relay(_ index: Int) -> String { "192.0.2.\(128 + index)" }

  /// The one address of a household.
  static func home(_ index: Int) -> String { network(0x4000, index) + "::1" }

  /// An address in a home's own network, of which its phones take a new one every day for the sake of privacy.
  static func privacy(home: Int, host: UInt64) -> String {
    network(0x8000, home) + "::" + String(host % 65_000 + 16, radix: 16)
  }

  private static func network(_ block: Int, _ index: Int) -> String {
    "2001:db8:" + String(block + index / 65_536, radix: 16) + ":" + String(index % 65_536, radix: 16)
  }
}

/// A household's connection: one public address that the provider changes now and then, or a network of IPv6.
final class Home {
  private let number: Int
  private let isIPv6: Bool
  /// Days for which an address is leased; German providers take it back every night.
  private let leaseDays: Int64
  let country: Int
  private var epoch: Int64 = .min
  private var lease = ""
  private var dice: Dice

  init(country: Int, _ dice: inout Dice) {
    self.country = country
    number = dice.below(Addresses.homes)
    isIPv6 = dice.chance(0.35)
    leaseDays = Country.all[country].code == "DE" ? 1 : dice.pick([7, 30, 90, 365])
    self.dice = Dice(seed: dice.next(), stream: 1)
  }

  /// The address under which the home is seen at `time`.
  func place(at time: Int64) -> Place {
    let now = Time.dayNumber(time) / (isIPv6 ? 1 : leaseDays)
    if now != epoch {
      epoch = now
      lease =
        isIPv6
        ? Addresses.privacy(home: number, host: dice.next())
        : Addresses.home(leaseDays == 365 ? number : dice.below(Addresses.homes))
    }
    return Place(address: lease, country: country, kind: .wifi)
  }
}
