import ArgumentParser
import Diagnostics
import ReferenceDocs

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explains a finding: what it proves, why it matters, and what to write instead.")

  @Argument(help: "The name in brackets behind `error`, such as vacuous-gate. Without one: all names.")
  var name: String?

  func run() throws {
    guard let name else {
      let width = Explanations.all.map(\.name.count).max() ?? 0
      for each in Explanations.all {
        Terminal.print(each.name + String(repeating: " ", count: width - each.name.count + 2) + each.summary)
      }
      return
    }
    guard let explanation = Explanations.find(name) else {
      let near = Spelling.closest(to: name, among: Explanations.all.map(\.name))
      Terminal.complain(
        "liftlock: there is no finding `\(name)`"
          + (near.map { "; did you mean `\($0)`?" } ?? "; `liftlock explain` lists all"))
      throw ExitCode.usage
    }
    Terminal.print(explanation.text)
  }
}
