import Diagnostics
import Foundation
import ReleaseCompiler
import ReleaseModel
import ReleaseRules
import Testing

@Suite struct StrictnessTests {
  @Test func theOrderIsThatOfTheMatrix() {
    #expect(
      Strictness.allCases.sorted().map(\.word) == [
        "not-applicable", "optional", "recommended", "required-for-candidates", "required",
      ])
    #expect(Strictness.required > .requiredForCandidates && Strictness.requiredForCandidates > .recommended)
    #expect(Strictness.recommended > .optional && Strictness.optional > .notApplicable)
  }

  @Test func everyCellHasItsPlaceInIt() {
    let cells: [(PromotionCell, Strictness)] = [
      (.notApplicable(reason: "x"), .notApplicable), (.optional, .optional), (.recommended, .recommended),
      (.requiredForCandidates, .requiredForCandidates), (.required, .required), (.approvals([]), .required),
      (.soak(.hours(1), isRequired: true), .required), (.soak(.hours(1), isRequired: false), .recommended),
    ]
    for (cell, strictness) in cells {
      #expect(cell.strictness == strictness)
      #expect(cell.isBlocking == (strictness >= .requiredForCandidates))
    }
  }
}

@Suite struct WildcardTests {
  @Test(arguments: [
    ("prod", "prod", true), ("prod", "production", false), ("prod*", "production", true), ("prod*", "prod", true),
    ("*smoke*", "full-smoke", true), ("*smoke*", "smok", false), ("*", "", true), ("a*b*c", "aXbYbZc", true),
    ("a*b*c", "aXbYbZ", false), ("*-eu", "prod-eu", true), ("*-eu", "prod-eu-2", false), ("", "", true),
    ("", "a", false),
    ("**a", "bba", true),
  ]) func matches(pattern: String, name: String, isMatch: Bool) {
    #expect(Wildcard(pattern).matches(name) == isMatch)
  }

  @Test func noPatternTakesLong() {
    let pattern = Wildcard(String(repeating: "*a", count: 60) + "b")
    #expect(!pattern.matches(String(repeating: "a", count: 5000)))
  }
}

@Suite struct CalendarTests {
  @Test func daysAreCountedAsTheCalendarCountsThem() throws {
    #expect(CalendarDay("1970-01-01")?.number1970 == 0)
    #expect(CalendarDay("2000-03-01")?.number1970 == 11_017)
    let first = try #require(CalendarDay("1999-12-31")?.number1970)
    var last = first - 1
    for number in first...first + 3000 {
      let day = try #require(CalendarDay(number1970: number))
      #expect(CalendarDay("\(day)") == day && day.number1970 == number && number == last + 1)
      last = number
    }
    #expect(CalendarDay(number1970: -1) == nil)
  }

  @Test func aFreezeCoversItsDays() throws {
    func freeze(_ from: String, _ to: String) throws -> Freeze {
      Freeze(
        from: try #require(CalendarDay(from)), to: try #require(CalendarDay(to)), zone: "UTC", reason: "",
        environments: [], span: Span(at: 0))
    }
    func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }
    let turn = try freeze("12-30", "01-02")
    for text in ["12-30", "12-31", "01-01", "01-02", "2027-01-02"] { #expect(try turn.covers(day(text)), "\(text)") }
    for text in ["12-29", "01-03", "2027-06-01"] { #expect(try !turn.covers(day(text)), "\(text)") }
    let once = try freeze("2026-11-26", "2026-11-30")
    #expect(try once.covers(day("2026-11-30")))
    for text in ["2026-12-01", "2026-11-25", "11-27"] { #expect(try !once.covers(day(text)), "\(text)") }
  }
}
