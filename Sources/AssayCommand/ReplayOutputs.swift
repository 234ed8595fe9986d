import ArgumentParser
import RuleSets
import Workbench

/// Where a replay writes: decisions, bundles, and the page.
extension ReplayCommand {
  /// The file of the decisions; nil for standard output.
  var decisionsFile: String? { decisions == "-" ? nil : decisions }

  /// Standard output has room for one of them.
  func expectOneStandardOutput() throws {
    if record == "-" {
      throw ValidationError(
        "`--record` names a file: bundles hold sensitive values, and only its owner may read it")
    }
    if report.html == "-", decisionsFile == nil {
      throw ValidationError(
        "`--html -` writes the page to standard output, where the decisions go: name a file with `--decisions`"
      )
    }
  }

  /// A file that is written must be none that is read, and only one thing is written to it.
  func expectFilesApart(_ sources: SourceFiles, _ baseline: SourceFiles?) throws(Stop) {
    var roles = FileRoles()
    for path in events { roles.read(path, "read as events") }
    if let labels = worth.labels { roles.read(labels, "read as labels") }
    for path in sources.paths { roles.read("\(arguments.rules)/\(path)", "a file of the rules") }
    if let baseline, let folder = report.baseline {
      for path in baseline.paths { roles.read("\(folder)/\(path)", "a file of the baseline's rules") }
    }
    let options = [("--decisions", decisionsFile), ("--record", record), ("--html", report.html)]
    do {
      if decisionsFile == nil || report.html == "-" { try roles.writeStandardOutput() }
      for (option, path) in options {
        if let path, path != "-" { try roles.write(path, option) }
      }
    } catch {
      throw Stop(.input, error.message, hint: error.hint)
    }
  }

  func openDecisions() throws -> BufferedOutput {
    guard let decisionsFile else { return BufferedOutput(.output) }
    return try BufferedOutput(creating: decisionsFile)
  }

  /// What `--record-only` asks for; nil without `--record`.
  func bundleFilter(_ rules: RuleSet) throws(Stop) -> BundleFilter? {
    guard record != nil else { return nil }
    do {
      return try BundleFilter(recordOnly, rules: rules)
    } catch {
      throw Stop(.input, "`--record-only`: \(error.message)", hint: error.hint)
    }
  }

  func openBundles(
    _ rules: RuleSet, _ sources: SourceFiles, _ filter: BundleFilter?
  ) throws -> BundleWriter? {
    guard let record, let filter else { return nil }
    return try BundleWriter(
      creating: record, rules: rules, sources: sources, allFeatures: features, filter: filter)
  }
}
