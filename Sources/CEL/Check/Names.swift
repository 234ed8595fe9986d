/// The names of an environment, ready to be looked up and suggested.
struct Names {
  /// What a name stands for.
  struct Meaning {
    let type: CELType
    let reference: CheckedExpression.Reference
  }

  private let meanings: [String: Meaning]
  private let prefixes: [String]
  /// Every proper beginning of a declared name: `user` and `user.device` of `user.device.id`.
  private let beginnings: Set<String>
  /// The most segments that any name has.
  let segmentsMax: Int

  init(_ environment: Environment) {
    var meanings = Self.types
    for constant in environment.constants {
      meanings[constant.name] = Meaning(type: constant.type, reference: .constant(constant))
    }
    for variable in environment.variables {
      meanings[variable.name] = Meaning(type: variable.type, reference: .variable(slot: variable.slot))
    }
    var beginnings: Set<String> = []
    var segmentsMax = 1
    for name in meanings.keys {
      var segments = 1
      for index in name.utf8.indices where name.utf8[index] == UInt8(ascii: ".") {
        beginnings.insert(String(name[..<index]))
        segments += 1
      }
      segmentsMax = max(segmentsMax, segments)
    }
    self.meanings = meanings
    prefixes = environment.namePrefixes
    self.beginnings = beginnings
    self.segmentsMax = segmentsMax
  }

  subscript(name: String) -> Meaning? { meanings[name] }

  /// What a name stands for where it was written: within the environment's container unless it is absolute.
  func meaning(of name: String, absolute: Bool) -> Meaning? {
    if absolute || prefixes.count == 1 { return meanings[name] }
    for prefix in prefixes {
      if let meaning = meanings[prefix + name] { return meaning }
    }
    return nil
  }

  /// Variables and constants, sorted.
  var declared: [String] {
    meanings.keys.filter { Self.types[$0] == nil }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  func isBeginning(_ name: String) -> Bool { beginnings.contains(name) }

  /// The declared names that begin with `name` and a dot, sorted.
  func names(under name: String) -> [String] {
    meanings.keys.filter { $0.hasPrefix(name + ".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// What an author who wrote the unknown name `segments` probably meant; `locals` are the variables of macros.
  func suggestion(for segments: [String], locals: [String]) -> String? {
    let candidates = Array(meanings.keys) + locals + ["true", "false", "null"]
    for count in stride(from: min(segments.count, segmentsMax + 1), to: 0, by: -1) {
      let name = segments[..<count].joined(separator: ".")
      if let nearest = DidYouMean.nearest(to: name, among: candidates) { return nearest }
    }
    let ending = "." + segments.joined(separator: ".")
    return candidates.filter { $0.hasSuffix(ending) }.min()
  }

  /// The names of types, as values of type `type`.
  private static let types: [String: Meaning] = {
    let types: [(String, CELType)] = [
      ("bool", .bool), ("int", .int), ("uint", .uint), ("double", .double), ("string", .string),
      ("bytes", .bytes),
      ("list", .list(.dyn)), ("map", .map(.dyn, .dyn)), ("null_type", .null), ("type", .type),
      ("google.protobuf.Timestamp", .timestamp), ("google.protobuf.Duration", .duration),
      ("net.IP", .ip), ("net.CIDR", .cidr), ("optional_type", .optional(.dyn)),
    ]
    return Dictionary(
      uniqueKeysWithValues: types.map { name, type in
        let constant = Environment.Constant(name: name, type: .type, value: .type(type))
        return (name, Meaning(type: .type, reference: .constant(constant)))
      })
  }()
}
