internal import CEL

/// What stands for a named list in the definition of a column: its name, the type of its items, and a hash of all of
/// them in order, so that a column computed with a changed list is another column.
///
/// Part of stored tags, so never to be changed.
enum ListIdentity {
  static func text(of list: Environment.Constant) -> String {
    guard case .list(let type) = list.type, case .list(let items) = list.value else { return list.name }
    var hash = StableHash()
    hash.add(items.count)
    for item in items { add(item, to: &hash) }
    return "\(list.name) list \(type.kindName) \(hash.value)"
  }

  /// Items are texts, integers, numbers or ranges; the loader refuses others.
  private static func add(_ item: Value, to hash: inout StableHash) {
    switch item {
    case .string(let text): hash.add(text)
    case .int(let number): hash.add(number)
    case .double(let number): hash.add(number.bitPattern)
    case .cidr(let range): hash.add(range.text)
    default: hash.add(byte: 0)
    }
  }
}
