import Assay
import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// Each rule of `Rules/rewards` explains itself and is tested three ways, and the catalogue of signals is there whole.
@Suite struct CatalogueTests {
  private static let loaded = RuleSetLoader.load(
    folder: SharedData.projectRoot.appending(path: "Rules/rewards").path)

  private func ruleSet() throws -> RuleSet { try #require(Self.loaded.ruleSet) }

  /// What detectors of such frauds look at, by the names under which the rules refer to it.
  private static let catalogue = [
    "v_reward_user_1m", "v_reward_user_1h", "v_reward_user_1d", "v_reward_device_1h", "v_reward_ip_10m",
    "v_amount_user_1d", "v_users_per_device_7d", "v_users_per_ip_1h", "v_users_per_receiver_30d",
    "v_devices_per_user_1d", "v_payouts_user_1d", "v_payouts_sum_7d", "v_payouts_device_1d",
    "v_payouts_receiver_1d", "v_event_replay", "v_reversals_user_30d", "v_payout_fail_user_7d",
    "v_giftcards_device_1d", "v_network_concentration_1d",
    "b_inter_arrival_floor", "b_metronome", "b_no_sleep", "b_fast_cashout", "b_first_payout_max",
    "b_country_mismatch", "b_country_hop", "b_grant_mismatch", "b_callback_delay",
    "b_new_receiver_then_payout", "b_unsigned_callback",
    "d_no_integrity", "d_virtual_only", "d_app_tampered", "d_unlicensed", "d_hyperactive", "d_remote_control",
    "d_capture_overlay", "d_play_protect", "d_hash_mismatch", "d_stale_verdict", "d_test_response_in_prod",
    "d_recall", "d_unevaluated", "d_aa_counter", "d_aa_env", "d_aa_key_reuse", "d_aa_risk", "d_dc_bits",
    "d_no_attestation",
  ]

  @Test func theRuleSetIsFine() {
    #expect(Self.loaded.diagnostics.isEmpty, "\(Self.loaded.diagnostics)")
  }

  @Test func theCatalogueIsThereWhole() throws {
    let rules = try ruleSet().rules
    let named = Set(rules.flatMap(\.references))
    #expect(Self.catalogue.filter { !named.contains($0) } == [])
    #expect(rules.count >= 45)
    #expect(Set(rules.map(\.family)) == Set(Rule.Family.allCases))
  }

  @Test func everyRuleExplainsItself() throws {
    for rule in try ruleSet().rules {
      #expect(!rule.title.isEmpty && !rule.tags.isEmpty && !rule.references.isEmpty, "\(rule.id)")
      #expect(!rule.falsePositives.isEmpty, "whom does `\(rule.id)` do wrong?")
      #expect(rule.reasonText != rule.title, "the reason of `\(rule.id)` is its title")
    }
  }

  @Test func everyRuleIsTestedBothWays() throws {
    let rules = try ruleSet()
    for rule in rules.rules {
      let own = rules.tests.filter { $0.rule == rule.id }
      #expect(own.contains { $0.fires == true }, "no test fires `\(rule.id)`")
      #expect(own.contains { $0.fires == false }, "no test spares `\(rule.id)`")
    }
  }

  /// An event with nothing but what every event must have leaves a rule without an answer, or not; where it does, a
  /// test says what the rule makes of missing evidence.
  @Test func everyRuleThatEvidenceCanFailIsTestedWithoutIt() throws {
    let rules = try ruleSet()
    var silenced: Set<String> = []
    for type in rules.schema.types {
      let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
      let decision = try engine.decide(
        #"{"id":"bare","type":"\#(type)","time":"2026-01-05T12:00:00Z","user":{"id":"u1"}}"#)
      silenced.formUnion(decision.notEvaluated.map(\.rule))
    }
    #expect(silenced.count > 50)
    for id in silenced.sorted() {
      let isTested = rules.tests.contains { test in
        test.rule == id && test.steps.last?.expectation.notEvaluated.contains(id) == true
      }
      #expect(isTested, "no test says what `\(id)` makes of missing evidence")
    }
  }

  @Test func theListsHaveWhatTheyShould() throws {
    let lists = try Dictionary(uniqueKeysWithValues: ruleSet().lists.map { ($0.name, $0.count) })
    #expect(lists["emulator_models", default: 0] >= 20)
    #expect(lists["virtual_mac_prefixes", default: 0] >= 10)
    #expect(lists["disposable_domains", default: 0] >= 500)
    #expect(lists["hosting_ranges", default: 0] >= 2)
  }
}

extension Rule {
  /// The reason with a dot where a value goes.
  fileprivate var reasonText: String {
    reason.parts.map { part in
      if case .text(let text) = part { text } else { "." }
    }.joined()
  }
}
