import Foundation
import Synchronization
import Testing

@testable import Rehearsal

/// At every operation of every example's release, everything that can happen to it: the release ends promoted, rolled back,
/// resting or before any traffic moved, and its record says which. Where the runner is lost and the guard fails, too, a
/// person is left: then the run has failed, and the rollback script by hand is enough.
///
/// `make test` runs a sample, always the same one. `make faults` runs all of it and prints a table; LIFTLOCK_FAULTS_REPORT
/// names a file that the table is written to, too, and LIFTLOCK_FAULTS_ONLY an example, or an example and an environment.
@Suite(.threads) struct FaultMatrixTests {
  struct Struck: Sendable, CustomTestStringConvertible {
    let example: String
    let environment: String
    let fault: FaultMatrix.Case
    var testDescription: String { "\(example) \(environment): \(fault)" }
  }

  private static let variables = ProcessInfo.processInfo.environment
  static let isWhole = variables["LIFTLOCK_FAULTS_ALL"] == "1"

  /// How many of each example `make test` runs.
  private static let sampleSize = 2

  static let struck: [Struck] = Rehearsed.names.flatMap { name -> [Struck] in
    let only = variables["LIFTLOCK_FAULTS_ONLY"]?.split(separator: " ").map(String.init) ?? []
    guard let example = try? Rehearsed.example(name), only.isEmpty || only[0] == name else { return [] }
    let environments =
      isWhole
      ? example.plan.environments.filter { only.count < 2 || only[1] == $0.name }
      : Array(example.plan.targets.suffix(1))
    return environments.flatMap { environment -> [Struck] in
      guard let rehearsal = try? example.rehearsal(environment.name),
        let matrix = try? FaultMatrix(rehearsal, limit: 300)
      else { return [] }
      return (isWhole ? matrix.cases : matrix.sample(sampleSize)).map {
        Struck(example: name, environment: environment.name, fault: $0)
      }
    }
  }

  /// How often each example's releases ended how.
  private static let results = Mutex<[String: [String: Int]]>([:])

  @Test func everyExampleHasFaults() {
    let names = Set(Self.struck.map(\.example))
    if Self.variables["LIFTLOCK_FAULTS_ONLY"] == nil { #expect(names == Set(Rehearsed.names)) }
  }

  @Test(arguments: struck) func endsInADeclaredState(_ struck: Struck) throws {
    let example = try Rehearsed.example(struck.example)
    let report = try example.rehearsal(struck.environment).run(struck.fault.options, standIns: Rehearsed.standIns)
    let faults = FaultMatrix.faults(of: report)
    Self.results.withLock {
      let key = "\(struck.example) \(struck.environment)"
      let ending = report.ending == .undeclared ? "by hand" : report.ending.rawValue
      $0[key, default: [:]][faults.isEmpty ? ending : "WRONG", default: 0] += 1
    }
    if Self.isWhole { Self.tell(struck, report, faults) }
    #expect(
      faults.isEmpty,
      "\(faults.joined(separator: "\n"))\n\(RehearsalText.timeline(report))\(RehearsalText.summary(report))")
  }

  private static func tell(_ struck: Struck, _ report: RehearsalReport, _ faults: [String]) {
    let table = results.withLock { results in
      results.sorted { $0.key < $1.key }.map { name, counts in
        "| \(name) | \(counts.values.reduce(0, +)) | "
          + (Ending.allCases.map(\.rawValue).filter { $0 != "undeclared" } + ["by hand", "WRONG"]).map {
            "\(counts[$0] ?? 0)"
          }
          .joined(separator: " | ") + " |"
      }
    }
    let done = results.withLock { $0.values.reduce(0) { $0 + $1.values.reduce(0, +) } }
    let line = "\(struck.testDescription): \(report.ending.rawValue)\(faults.isEmpty ? "" : "  WRONG: \(faults)")"
    print("[\(done)/\(Self.struck.count)] \(line)")
    guard done == Self.struck.count else { return }
    let text =
      "| release | faults | promoted | rolled back | resting | stopped before traffic | by hand | wrong |\n"
      + "| --- | --- | --- | --- | --- | --- | --- | --- |\n" + table.joined(separator: "\n") + "\n"
    print(text)
    if let path = variables["LIFTLOCK_FAULTS_REPORT"] {
      try? text.write(toFile: path, atomically: true, encoding: .utf8)
    }
  }
}
