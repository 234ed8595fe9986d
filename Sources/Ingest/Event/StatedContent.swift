internal import CEL
internal import Crypto
internal import OrderedJSON

/// What makes two messages of a vendor's the same event.
///
/// A retry arrives at another time, perhaps at another process, and may have other particulars: LevelPlay dates each
/// attempt anew, Amazon's second failure has another code, and PayPal's webhook leaves out what its batch says. So an
/// event states what it is about, and the engine compares that.
extension IngestSource {
  /// The members that a second message must have alike to be the same event, in the order in which they are hashed;
  /// the event's id has the vendor's own id and the status. It never changes: what is decided already was hashed so.
  func covered(by type: String) -> [String] {
    switch self {
    case .adMob, .appLovin: ["user.id", "reward.amount", "reward.item", "reward.currency"]
    // The item's name is not signed.
    case .levelPlay: ["user.id", "reward.amount"]
    case .payPalWebhook, .payPalBatch:
      ["user.id", "payout.request_id", "payout.amount_minor", "payout.currency"]
    case .giftCard:
      type == "payout.requested" || type == "payout.settled"
        ? ["user.id", "payout.amount_minor", "payout.currency"] : ["user.id"]
    case .playIntegrity, .deviceCheck: []
    }
  }
}

extension IngestedEvent {
  static let contentDigest = "content_digest"

  /// The same event, come at another time; one that tells its own time keeps that.
  func arrived(_ arrival: Timestamp) -> IngestedEvent {
    hasOwnTime ? self : replacing("time", with: .string(arrival.rfc3339()))
  }

  /// The same event at `moment`, where it says no time and somebody told one.
  func timed(_ moment: Timestamp?) -> IngestedEvent {
    guard let moment, (value["time"] ?? .null) == .null else { return self }
    return replacing("time", with: .string(moment.rfc3339()))
  }

  /// The same event, and what `base` has besides.
  func merged(with base: JSONValue?) -> IngestedEvent {
    guard let base else { return self }
    return IngestedEvent(id: id, type: type, value: value.merged(with: base), hasOwnTime: hasOwnTime)
  }

  /// The same event, stating the members at `paths`: 32 hexadecimal digits of a SHA-256.
  func stated(covering paths: [String]) -> IngestedEvent {
    var hash = SHA256()
    for path in paths {
      hash.update(data: Array("\(path)=\(value.member(at: path)?.encoded() ?? "")\n".utf8))
    }
    let digits = Hexadecimal.text(of: hash.finalize().prefix(16))
    return replacing(Self.contentDigest, with: .string(String(decoding: digits, as: UTF8.self)))
  }

  /// Says `value` as the member `key`, behind the time where it is new.
  private func replacing(_ key: String, with value: JSONValue) -> IngestedEvent {
    guard case .object(var members) = self.value else { return self }
    let kept = members.firstIndex { $0.key == "time" }.map { $0 + 1 } ?? members.endIndex
    if let index = members.firstIndex(where: { $0.key == key }) {
      members[index] = .init(key, value)
    } else {
      members.insert(.init(key, value), at: kept)
    }
    return IngestedEvent(id: id, type: type, value: .object(members), hasOwnTime: hasOwnTime)
  }
}
