internal import OrderedJSON

/// An object of JSON that is put together path by path; members keep the order in which they came.
struct JSONObject {
  private indirect enum Member {
    case object(JSONObject)
    case text(String)
  }

  private var members: [(name: String, member: Member)] = []

  /// Sets the value, given as JSON text, at a dotted path; nil takes it away. False when the path leads through a
  /// value that is no object.
  mutating func set(_ path: String, _ json: String?) -> Bool {
    set(path.split(separator: ".", omittingEmptySubsequences: false)[...], json)
  }

  /// Paths are as deep as names may be.
  private mutating func set(_ path: ArraySlice<Substring>, _ json: String?) -> Bool {
    guard let first = path.first else { return false }
    let index = members.firstIndex { $0.name == first }
    guard path.count > 1 else {
      if let json {
        if let index {
          members[index].member = .text(json)
        } else {
          members.append((String(first), .text(json)))
        }
      } else if let index {
        members.remove(at: index)
      }
      return true
    }
    guard let index else {
      guard json != nil else { return true }
      var object = JSONObject()
      let isSet = object.set(path.dropFirst(), json)
      members.append((String(first), .object(object)))
      return isSet
    }
    guard case .object(var object) = members[index].member else { return false }
    let isSet = object.set(path.dropFirst(), json)
    members[index].member = .object(object)
    return isSet
  }

  var text: String {
    "{"
      + members.map { name, member in
        switch member {
        case .object(let object): JSONText.quoted(name) + ":" + object.text
        case .text(let text): JSONText.quoted(name) + ":" + text
        }
      }.joined(separator: ",") + "}"
  }

  /// A value of YAML as JSON; nil when JSON cannot hold it.
  static func text(of node: YAMLNode) -> String? {
    switch node.content {
    case .sequence(let elements):
      let texts = elements.compactMap(text)
      return texts.count == elements.count ? "[" + texts.joined(separator: ",") + "]" : nil
    case .mapping(let entries):
      let texts = entries.compactMap { entry in
        text(of: entry.value).map { JSONText.quoted(entry.name) + ":" + $0 }
      }
      return texts.count == entries.count ? "{" + texts.joined(separator: ",") + "}" : nil
    case .scalar(let scalar):
      switch scalar.resolved {
      case .null: return "null"
      case .bool(let flag): return flag ? "true" : "false"
      case .int(let number): return "\(number)"
      case .double(let number): return number.isFinite ? "\(number)" : nil
      case .string(let string): return JSONText.quoted(string)
      case .outOfRange: return nil
      }
    }
  }
}
