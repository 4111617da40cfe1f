import ArgumentParser
import ReferenceDocs

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the JSON Schema of release specs or of policies, for editors.")

  enum Language: String, ExpressibleByArgument, CaseIterable { case release, policy }

  @Argument(help: "Whose schema.")
  var language = Language.release

  func run() {
    Terminal.print(language == .policy ? JSONSchema.policy : JSONSchema.releaseSpec)
  }
}
