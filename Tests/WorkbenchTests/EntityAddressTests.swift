import Assay
import RuleSets
import Testing
import Workbench

@Suite struct EntityAddressTests {
  private func address(_ texts: String...) throws -> EntityAddress {
    try EntityAddress(texts, rules: try SampleRules.load("wallet"))
  }

  private func parts(_ texts: String...) throws -> [String] {
    try EntityAddress(texts, rules: try SampleRules.load("wallet")).parts.map { "\($0.path)=\($0.text)" }
  }

  @Test func aKeyMayBeWrittenInOneTextOrSeveral() throws {
    #expect(try parts("user.id=u1") == ["user.id=u1"])
    let both = ["user.id=u1", "device.id=d1"]
    #expect(try parts("user.id=u1,device.id=d1") == both)
    #expect(try parts("device.id=d1", "user.id=u1") == both)
    #expect(try address("device.id=d1,user.id=u1") == address("user.id=u1", "device.id=d1"))
  }

  @Test func valuesMayHoldCommasAndEqualsSigns() throws {
    #expect(try parts("user.id=a,b") == ["user.id=a,b"])
    #expect(try parts("user.id=a=b") == ["user.id=a=b"])
    #expect(try parts(#"user.id=a\,device.id=d1"#) == ["user.id=a,device.id=d1"])
    #expect(try parts("user.id=") == ["user.id="])
  }

  @Test func sensitiveValuesAreMasked() throws {
    #expect(try address("payout.receiver=ann@example.com").shown == "payout.receiver=***")
    #expect(try address("user.id=a\u{1B}b").shown == "user.id=a\\u{1b}b")
  }

  @Test func theNearestEntityIsOffered() throws {
    let problem = #expect(throws: EntityAddress.Problem.self) { try address("acount=7") }
    #expect(problem?.hint == "did you mean `account`?")
    let field = #expect(throws: EntityAddress.Problem.self) { try address("payout.amount=7") }
    #expect(field?.message == "no feature is kept by `payout.amount`")
    let together = #expect(throws: EntityAddress.Problem.self) { try address("user.id=u1,account=7") }
    #expect(together?.message == "no feature is kept by `user.id` and `account` together")
    #expect(throws: EntityAddress.Problem.self) { try address("") }
    #expect(throws: EntityAddress.Problem.self) { try address("=u1") }
  }
}
