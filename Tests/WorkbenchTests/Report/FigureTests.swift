import RuleSets
import Testing
import Workbench

/// The arithmetic of the page, by hand.
@Suite struct FigureTests {
  private let profiles: [ReplayReport.Profile] = [
    .init(score: 0, truth: .honest, currency: 0, count: 900, amount: 90_000),
    .init(score: 0, truth: .fraud, currency: 0, count: 4, amount: 4_005),
    .init(score: 50, truth: .fraud, currency: 0, count: 6, amount: 60_000),
    .init(score: 50, truth: .honest, currency: 0, count: 2, amount: 100),
    .init(score: 90, floor: .allow, isExcused: true, truth: .honest, currency: 0, count: 3, amount: 300),
    .init(score: 0, floor: .block, truth: .fraud, currency: nil, count: 1),
    .init(score: 45, truth: .unknown, currency: 0, count: 5, amount: 500),
  ]

  private var report: ReplayReport {
    var report = SampleReport.empty
    report.currencies = [SampleReport.euro]
    report.labels = ReplayReport.LabelSource()
    report.profiles = profiles
    return report
  }

  @Test func figuresFollowTheThresholds() {
    let figures = FigureTexts(report, thresholds: Thresholds(review: 40, block: 80))
    #expect(figures["allow"] == "907")
    #expect(figures["review"] == "13")
    #expect(figures["block"] == "1")
    #expect(figures["alerts-share"] == "1.5 %")
    #expect(figures["precision"] == "77.8 %")
    #expect(figures["recall"] == "63.6 %")
    #expect(figures["amount-recall"] == "93.7 %")
    #expect(figures["amount-caught"] == "600.00 EUR")
    #expect(figures["fraud-amount"] == "640.05 EUR")
    #expect(figures["false-alerts"] == "2")
    #expect(figures["cost-review"] == "26.00 EUR")
    #expect(figures["cost-loss"] == "40.05 EUR")
    #expect(figures["cost-block"] == "0.00 EUR")
    #expect(figures["cost-total"] == "66.05 EUR")
    let stricter = FigureTexts(report, thresholds: Thresholds(review: 0, block: 50))
    #expect(stricter["allow"] == "3")
    #expect(stricter["block"] == "9")
    #expect(stricter["recall"] == "100.0 %")
    #expect(stricter["cost-block"] == "40.00 EUR")
  }

  /// Wilson's interval of 7 in 9, computed apart: 45.3 to 93.7 %.
  @Test func intervalsAreWilsons() {
    #expect(
      FigureTexts(report, thresholds: Thresholds(review: 40, block: 80))["precision-range"] == "45.3–93.7 %")
  }

  @Test func sharesAreNeverRoundedToNothingOrAll() {
    func share(_ part: Int, _ whole: Int) -> String {
      var report = SampleReport.empty
      report.profiles = [.init(score: 100, count: part), .init(score: 0, count: whole - part)]
      return FigureTexts(report, thresholds: Thresholds(review: 40, block: 80))["block-share"]
    }
    #expect(share(1, 1_000_000) == "< 0.1 %")
    #expect(share(999_999, 1_000_000) == "> 99.9 %")
    #expect(share(0, 10) == "0.0 %")
    #expect(share(10, 10) == "100.0 %")
    #expect(share(1, 2_000) == "0.1 %")
    #expect(share(0, 0) == "–")
  }

  @Test func queuesCarryOverToTheNextDay() {
    var days = ReplayReport.DayTable()
    days.days = [0, 1, 2, 3]
    days.cells = [(0, 12), (1, 11), (2, 0), (3, 30)].map { day, count in
      .init(day: day, score: 50, floor: .allow, isExcused: false, count: count)
    }
    let load = WorkLoad(days, thresholds: Thresholds(review: 40, block: 80))
    #expect(load.reviews == [12, 11, 0, 30])
    #expect(load.daysAbove(10) == 3)
    #expect(load.longestQueue(10) == 20)
    #expect(load.longestQueue(100) == 0)
    #expect(WorkLoad(days, thresholds: Thresholds(review: 40, block: 50)).blocks == [12, 11, 0, 30])
  }

  @Test(arguments: [
    ("review=1.5,loss=80,block=25", 1.5, 80.0, 25.0), ("loss=0", 2, 0, 20), ("block=7,review=0", 0, 100, 7),
  ])
  func costsAreRead(text: String, review: Double, loss: Double, block: Double) throws {
    let costs = try CostInputs(parsing: text)
    #expect((costs.review, costs.lossPercent, costs.blockedHonest) == (review, loss, block))
    #expect(!costs.isExample)
  }

  @Test(arguments: [
    "", "review", "review=", "review=-1", "review=nan", "review=1e9", "loss=101", "review=1,review=2",
    "pizza=3",
    "review=2,", "review=99999999999", "review=1.2.3",
  ])
  func badCostsAreRefused(text: String) {
    #expect(throws: CostInputs.Mistake.self) { try CostInputs(parsing: text) }
  }
}
