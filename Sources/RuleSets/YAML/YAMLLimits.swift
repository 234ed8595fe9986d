/// What a YAML file may ask of us at most; each limit has a diagnostic of its own.
package enum YAMLLimits {
  /// Bytes of a file: 1 MiB.
  package static let fileBytesMax = 1_048_576
  /// Sequences and mappings inside one another; also bounds libyaml's work, which grows with depth times length.
  package static let depthMax = 64
  /// Keys, scalars, sequences and mappings of a file.
  package static let nodesMax = 200_000
}
