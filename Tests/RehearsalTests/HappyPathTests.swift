import Foundation
import Testing

@testable import Rehearsal

/// A world that is made from the plan alone lets a good release through. `make test` releases one way of each example, the
/// last, which has most before it or is a hotfix; `make faults` all sixteen.
@Suite(.threads) struct HappyPathTests {
  struct Way: Sendable, CustomTestStringConvertible {
    let example: String
    let environment: String
    var testDescription: String { "\(example) \(environment)" }
  }

  static let ways = Rehearsed.names.flatMap { name in
    ((try? Rehearsed.example(name).plan.environments) ?? []).map { Way(example: name, environment: $0.name) }
  }

  private static let isWhole = ProcessInfo.processInfo.environment["LIFTLOCK_FAULTS_ALL"] == "1"
  static let released =
    isWhole ? ways : Rehearsed.names.compactMap { name in ways.last { $0.example == name } }

  @Test func everyExampleHasWays() {
    #expect(Set(Self.ways.map(\.example)) == Set(Rehearsed.names))
    #expect(Self.ways.count == 16)
  }

  @Test(arguments: released) func endsPromoted(_ way: Way) throws {
    let report = try Rehearsed.example(way.example).run(way.environment)
    let text = RehearsalText.timeline(report) + RehearsalText.summary(report) + report.output.suffix(4000)
    #expect(report.ending == .promoted, "\(text)")
    #expect(report.conclusion == .success, "\(text)")
    #expect(report.problems.isEmpty)
    #expect(report.leaks.isEmpty)
    #expect(report.remarks.isEmpty)
    #expect(report.records.contains { $0.job == "rollout" && $0.result == "success" })
  }
}
