import Foundation
import RuleSets
import TestSupport
import Testing

struct CIExampleTests {
  @Test(arguments: ["github-workflow.yaml", "pre-commit-config.yaml"])
  func examplesAreYAML(_ name: String) throws {
    let data = try Data(contentsOf: SharedData.projectRoot.appending(path: "Packaging/ci/\(name)"))
    let tree = try #require(YAMLFiles.tree(Array(data)))
    let keys = try #require(tree.entries).map(\.name)
    #expect(keys == (name == "github-workflow.yaml" ? ["name", "on", "permissions", "jobs"] : ["repos"]))
  }
}
