import ArgumentParser
import ReferenceDocs

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the JSON Schema of the language, for editors.")

  func run() { Terminal.print(JSONSchema.releaseSpec) }
}
