extension Value {
  /// The type that `type(value)` returns; elements of lists and maps have none of their own at run time.
  package var runtimeType: CELType {
    switch self {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .timestamp: .timestamp
    case .duration: .duration
    case .list: .list(.dyn)
    case .map: .map(.dyn, .dyn)
    case .type: .type
    case .ip: .ip
    case .cidr: .cidr
    case .optional: .optional(.dyn)
    }
  }
}

extension CELType {
  /// The name by which an expression denotes the type, without the types of elements.
  package var runtimeName: String {
    switch self {
    case .dyn, .variable, .error: "dyn"
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string, .enumeration: "string"
    case .bytes: "bytes"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .list: "list"
    case .map: "map"
    case .type: "type"
    case .ip: "net.IP"
    case .cidr: "net.CIDR"
    case .optional: "optional_type"
    }
  }

  /// The type that `name` denotes in an expression, or nil.
  package static func denoted(by name: String) -> CELType? {
    switch name {
    case "null_type": .null
    case "bool": .bool
    case "int": .int
    case "uint": .uint
    case "double": .double
    case "string": .string
    case "bytes": .bytes
    case "google.protobuf.Timestamp": .timestamp
    case "google.protobuf.Duration": .duration
    case "list": .list(.dyn)
    case "map": .map(.dyn, .dyn)
    case "type": .type
    case "net.IP": .ip
    case "net.CIDR": .cidr
    case "optional_type": .optional(.dyn)
    default: nil
    }
  }
}
