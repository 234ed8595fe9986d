/// What a node of a cluster says of a command that it did not execute.
enum Redirection: Equatable {
  /// Another node serves the slot from now on.
  case moved(slot: Int, RedisAddress)
  /// The slot is on its way to another node, which may have the key already; this one command is to be tried there.
  case ask(RedisAddress)
  /// Nobody executes it now: a moment later somebody may.
  case later

  private static let laterWords: Set = ["TRYAGAIN", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY"]

  /// Whether `line` is an error of a command that may be sent on.
  static func isRefusal(_ line: String) -> Bool {
    let word = ErrorReply(line).word
    return word == "MOVED" || word == "ASK" || laterWords.contains(word)
  }

  /// What the error `line` of `node` says, if it is a refusal. A node that cannot be named is for later: the slot map
  /// will tell.
  init?(_ line: String, from node: RedisAddress) {
    let words = line.split(separator: " ")
    switch words.first {
    case "MOVED", "ASK":
      guard words.count >= 3, let slot = Int(words[1]), (0..<KeySlot.count).contains(slot),
        let address = Self.address(words[2], seenFrom: node)
      else {
        self = .later
        return
      }
      self = words[0] == "MOVED" ? .moved(slot: slot, address) : .ask(address)
    case .some(let word) where Self.laterWords.contains(String(word)): self = .later
    default: return nil
    }
  }

  /// `host:port`; without a host it is that of the node that said so.
  private static func address(_ text: Substring, seenFrom node: RedisAddress) -> RedisAddress? {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
      return nil
    }
    return RedisAddress(named: String(text[..<colon]), port: port, seenFrom: node)
  }

  /// The last thing that a node said of the commands of a group; nil when all were executed.
  static func last(of count: Int, in replies: Replies, from node: RedisAddress) -> Redirection? {
    var found: Redirection?
    var place = replies.first
    for _ in 0..<count {
      let kind = replies.kind(place)
      if kind == .error, let said = Redirection(replies.text(place), from: node) { found = said }
      place = kind == .array ? replies.tape.next(after: place) : place + 1
    }
    return found
  }
}

extension RedisAddress {
  /// A node as another one names it: an empty host is the same as that one's, an unknown one is `?`.
  init?(named host: String, port: Int, seenFrom node: RedisAddress) {
    guard (1...65_535).contains(port), host != "?" else { return nil }
    if !host.isEmpty {
      self = .host(host, port: port)
    } else if case .host(let same, _) = node {
      self = .host(same, port: port)
    } else {
      return nil
    }
  }
}
