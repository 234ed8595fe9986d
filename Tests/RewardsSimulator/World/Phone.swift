/// What Play Integrity finds on a phone.
enum Integrity: Sendable {
  case strong, device
  /// An unlocked boot loader, or an old phone without the store's certification.
  case basic
  /// None of the labels is met: the vendor leaves the list out.
  case none
  case virtual
  /// Google Play Games on a computer.
  case computer

  var verdicts: [StaticString] {
    switch self {
    case .strong: ["MEETS_BASIC_INTEGRITY", "MEETS_DEVICE_INTEGRITY", "MEETS_STRONG_INTEGRITY"]
    case .device: ["MEETS_BASIC_INTEGRITY", "MEETS_DEVICE_INTEGRITY"]
    case .basic: ["MEETS_BASIC_INTEGRITY"]
    case .none: []
    case .virtual: ["MEETS_VIRTUAL_INTEGRITY"]
    case .computer: ["MEETS_BASIC_INTEGRITY", "MEETS_DEVICE_INTEGRITY", "MEETS_PC_INTEGRITY"]
    }
  }
}

/// A key of App Attest and how often it has signed. Shared where a fraud lets one phone sign for others.
final class Signer {
  let key: String
  var counter = 0

  init(_ dice: inout Dice) { key = dice.hex(22) }
}

/// What an event comes from, and what its vendor attests of it. Shared where people share a phone.
final class Phone {
  let id: String
  let isApple: Bool
  var model: StaticString
  var hardware: StaticString
  var abi: StaticString = "arm64-v8a"
  let sdk: Int

  var integrity = Integrity.device
  var app: StaticString = "PLAY_RECOGNIZED"
  var license: StaticString = "LICENSED"
  var protect: StaticString = "NO_ISSUES"
  var apps: [StaticString] = []
  /// Marked after an earlier fraud: recall's first bit, DeviceCheck's bit 0.
  var isMarked = false
  /// An account was opened on it: recall's second bit, DeviceCheck's bit 1. Both outlive a factory reset.
  var hasAccount = false
  /// Whoever shares the phone waits until it is free.
  var freeAt: Int64 = .min
  /// How often a verdict cannot be had: the vendor does not answer.
  var silence = 0.012
  /// How often it says UNEVALUATED where it could not look.
  var unevaluated = 0.01

  /// App Attest; nil where the phone does not support it.
  var signer: Signer?
  var attestations = 1
  /// Times of the verdicts asked for lately, oldest first: what the activity level is about.
  private var asked: [Int64] = []

  init(isApple: Bool, model: StaticString, hardware: StaticString, sdk: Int, _ dice: inout Dice) {
    id = "d" + dice.hex(13)
    self.isApple = isApple
    self.model = model
    self.hardware = hardware
    self.sdk = sdk
    signer = isApple ? Signer(&dice) : nil
  }

  /// A phone as people have them.
  static func any(_ dice: inout Dice) -> Phone {
    if dice.chance(0.36) { return apple(&dice) }
    return android(dice.below(models.count), &dice)
  }

  static func apple(_ dice: inout Dice) -> Phone {
    Phone(
      isApple: true,
      model: dice.pick(["iPhone12,1", "iPhone13,2", "iPhone14,5", "iPhone15,2", "iPhone16,1"]),
      hardware: "", sdk: 0, &dice)
  }

  /// A phone or tablet of Google's system, one of `models`.
  static func android(_ index: Int, _ dice: inout Dice) -> Phone {
    let phone = Phone(
      isApple: false, model: models[index].model, hardware: models[index].hardware, sdk: dice.between(29, 35),
      &dice)
    phone.integrity = dice.chance(0.6) ? .strong : .device
    return phone
  }

  static let models: [(model: StaticString, hardware: StaticString)] = [
    ("Pixel 8", "shiba"), ("SM-A546B", "s5e8835"), ("SM-S911B", "qcom"), ("moto g54 5G", "mt6855"),
    ("Redmi Note 12", "qcom"), ("CPH2473", "mt6789"), ("SM-X200", "ums512"), ("SM-A145F", "mt6768"),
  ]

  /// What emulators are called that do not pose as a phone, and how their hardware is: some names are known everywhere, others
  /// are in few lists or are those of phones that are rare by now.
  static let emulators: [(model: StaticString, hardware: StaticString)] = [
    ("sdk_gphone64_x86_64", "ranchu"), ("Genymotion", "vbox86"), ("VirtualBox", "goldfish"),
    ("Cuttlefish x86_64 phone", "cutf_cvm"), ("redroid12_x86_64_only", "redroid"), ("ASUS_Z01QD", "qcom"),
    ("SM-G973N", "android_x86_64"), ("waydroid_x86_64", "intel"),
  ]

  /// The app was installed anew: App Attest makes another key, whose counter begins again.
  func reinstall(_ dice: inout Dice) {
    guard signer != nil else { return }
    signer = Signer(&dice)
    attestations += 1
  }

  /// The same phone as it comes out of a factory reset: another id, and the bits that remain.
  func wiped(_ dice: inout Dice) -> Phone {
    let phone = Phone(isApple: isApple, model: model, hardware: hardware, sdk: sdk, &dice)
    (phone.abi, phone.integrity, phone.app, phone.license) = (abi, integrity, app, license)
    (phone.isMarked, phone.hasAccount, phone.attestations) = (isMarked, hasAccount, attestations + 1)
    return phone
  }

  /// The level of activity that Play Integrity reports for standard requests, this one included.
  func activityLevel(at time: Int64) -> StaticString {
    asked.removeAll { $0 <= time - Time.hour }
    asked.append(time)
    return switch asked.count {
    case ...10: "LEVEL_1"
    case ...25: "LEVEL_2"
    case ...50: "LEVEL_3"
    default: "LEVEL_4"
    }
  }
}
