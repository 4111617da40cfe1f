import ArgumentParser
import PlanReport
import ReleaseCompiler

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the release as it will happen: what is asked when, and how soon a bad version is found.",
    discussion: """
      Times are worst cases: a version that is only just as bad as a condition says, seen by the last tick that can \
      see it. Exposure is time with all of the traffic: half a minute at 10% counts three seconds.
      """)

  enum Form: String, ExpressibleByArgument, CaseIterable { case text, json, mermaid }

  @OptionGroup var specs: SpecArguments

  @Option(help: "How the plan is printed.")
  var format: Form = .text

  @Option(help: "Colours of findings on standard output.")
  var color: ColorChoice = .auto

  func run() throws {
    let checked = try specs.files().map(ReleaseCompiler.check)
    guard checked.allSatisfy({ $0.draft != nil }) else {
      Findings(format: .text, color: color).report(checked)
      throw ExitCode.findings
    }
    for plan in checked.compactMap(\.draft) {
      if checked.count > 1, format == .text { Terminal.print("\(plan.service)\n") }
      switch format {
      case .text: Terminal.print(PlanReport.text(plan))
      case .json: Terminal.print(PlanReport.json(plan))
      case .mermaid: Terminal.print(PlanReport.mermaid(plan))
      }
    }
    // A plan is alone on standard output. One that is judged wrong is shown all the same: it is where to see why.
    if checked.contains(where: \.hasErrors) {
      Terminal.complain("liftlock: this is not how it should be released; see: liftlock check")
      throw ExitCode.findings
    }
  }
}
