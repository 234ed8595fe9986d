internal import OrderedJSON

/// Objects put together, in time that grows with their members and no faster.
extension JSONValue {
  /// These members, and those of `base` that are not among them; objects are merged member by member.
  func merged(with base: JSONValue) -> JSONValue {
    guard case .object(var members) = self, case .object(let others) = base, !others.isEmpty else {
      return self
    }
    members.reserveCapacity(members.count + others.count)
    for (other, place) in zip(others, MemberPlaces.of(others.map(\.key), among: members.map(\.key))) {
      if let place {
        members[place] = .init(other.key, members[place].value.merged(with: other.value))
      } else {
        members.append(other)
      }
    }
    return .object(members)
  }

  /// The same without what stands at `path`: nobody but the vendor says what is in its verdict.
  func without(_ path: [String]) -> JSONValue {
    guard case .object(let members) = self, let key = path.first else { return self }
    let rest = Array(path.dropFirst())
    let dotted = path.joined(separator: ".")
    return .object(
      members.compactMap { member in
        if member.key == dotted || member.key.hasPrefix(dotted + ".") { return nil }
        guard member.key == key else { return member }
        return rest.isEmpty ? nil : JSONValue.Member(key, member.value.without(rest))
      })
  }

  /// What stands at a dotted path, each dot nesting or a part of the key.
  func member(at path: String) -> JSONValue? {
    if let found = self[path] { return found }
    var dot = path.firstIndex(of: ".")
    while let place = dot {
      let rest = path.index(after: place)
      if let found = self[String(path[..<place])]?.member(at: String(path[rest...])) { return found }
      dot = path[rest...].firstIndex(of: ".")
    }
    return nil
  }
}

/// Which members of one object are members of another.
package enum MemberPlaces {
  /// Where each of `keys` stands first among `others`; each is compared with few of them, however many there are.
  package static func of<Key: Hashable>(_ keys: [Key], among others: [Key]) -> [Int?] {
    let places = Dictionary(
      others.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    return keys.map { places[$0] }
  }
}
