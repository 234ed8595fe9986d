/// Members of an event that mean the same under every schema, so that none can declare them.
package enum ReservedMembers {
  /// Evaluate only.
  package static let dryRun = "dry_run"
  /// What the event states as its content.
  package static let contentDigest = "content_digest"
  package static let names: Set = [dryRun, contentDigest]
}
