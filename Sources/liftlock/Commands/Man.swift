import ArgumentParser
import Rehearsal

struct Man: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Prints the manual page: liftlock man | man -l -")

  func run() { Terminal.print(ManualPage.text) }
}

/// The manual page, in the language of mdoc(7). It is printed from the same definitions as `--help`.
enum ManualPage {
  static var text: String {
    let root = definitions
    let commands = root["subcommands"].elements.filter { $0["commandName"].string != "help" }
    var page = Roff()
    // No day: the page changes with the definitions.
    page.macro("Dd", "$Mdocdate$")
    page.macro("Dt", "LIFTLOCK 1")
    page.macro("Os")
    page.macro("Sh", "NAME")
    page.macro("Nm", "liftlock")
    page.macro("Nd", Roff.escaped(summary(root)))
    page.macro("Sh", "SYNOPSIS")
    page.macro("Nm")
    page.macro("Ar", "command")
    page.macro("Op", "Ar argument ...")
    page.macro("Sh", "DESCRIPTION")
    page.line("A release spec,")
    page.macro("Pa", "release.yaml ,")
    page.line("says how one service is released, checked, promoted and taken back.")
    page.macro("Nm")
    page.line("checks it, and compiles it into workflows, scripts, a runbook and alert rules.")
    page.line("The commands are:")
    for command in commands { describe(command, &page) }
    page.macro("Sh", "ENVIRONMENT")
    page.list([("Ev NO_COLOR", "Set to anything, there are no colours unless they are asked for.")])
    page.macro("Sh", "FILES")
    page.list([
      ("Pa release.yaml", "The spec that is meant where none is named."),
      ("Pa .liftlock/release.schema.json", "The JSON Schema for editors, laid there by init."),
      ("Pa .github/workflows/", "Generated workflows."), ("Pa ops/", "Generated scripts."),
      ("Pa docs/runbooks/", "Generated runbooks."), ("Pa monitoring/", "Generated alert rules."),
    ])
    page.macro("Sh", "EXIT STATUS")
    page.paragraphs(root["discussion"].string ?? "")
    return page.text
  }

  /// What ArgumentParser knows of the commands.
  private static var definitions: JSON { ((try? JSON(parsing: Liftlock._dumpHelp())) ?? .null)["command"] }

  /// As a part of a sentence.
  private static func summary(_ command: JSON) -> String {
    let text = command["abstract"].string ?? ""
    return text.prefix(1).lowercased() + text.dropFirst().prefix { $0 != "." }
  }

  private static func describe(_ command: JSON, _ page: inout Roff) {
    page.macro("Ss", Roff.escaped(command["commandName"].string ?? ""))
    page.paragraphs(command["abstract"].string ?? "")
    if let discussion = command["discussion"].string {
      page.macro("Pp")
      page.paragraphs(discussion)
    }
    let arguments = command["arguments"].elements.filter {
      $0["shouldDisplay"] != .bool(false) && !["help", "version"].contains($0["preferredName"]["name"].string)
    }
    if arguments.isEmpty { return }
    page.list(
      arguments.map { argument in
        let value = Roff.escaped(argument["valueName"].string ?? "")
        let name = Roff.escaped(argument["preferredName"]["name"].string ?? "")
        let item =
          switch argument["kind"].string {
          case "positional": "Ar \(value)"
          case "flag": "Fl \\-\(name)"
          default: "Fl \\-\(name) Ar \(value)"
          }
        let values = argument["allValues"].elements.compactMap(\.string)
        let text = [
          argument["abstract"].string ?? "", values.isEmpty ? "" : "One of \(values.joined(separator: ", ")).",
          argument["defaultValue"].string.map { "Default: \($0)." } ?? "",
        ]
        return (item, text.filter { !$0.isEmpty }.joined(separator: " "))
      })
  }
}

/// Lines of roff.
private struct Roff {
  private(set) var text = ""

  mutating func macro(_ name: String, _ arguments: String = "") {
    text += "." + name + (arguments.isEmpty ? "" : " " + arguments) + "\n"
  }

  mutating func line(_ text: String) {
    var line = ""
    for word in text.split(separator: " ") {
      let word = Self.escaped(String(word))
      if !line.isEmpty, line.utf8.count + word.utf8.count >= 79 {
        end(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    end(line)
  }

  private mutating func end(_ line: String) {
    // A dot or a quote at the beginning of a line would be a request.
    let isRequest = line.first == "." || line.first == "'"
    text += (isRequest ? "\\&" : "") + line + "\n"
  }

  /// Each sentence stands on a line of its own: that is how roff knows where one ends.
  mutating func sentences(_ text: String) {
    var sentence = ""
    for character in text {
      if character == " ", sentence.last == "." {
        line(sentence)
        sentence = ""
      } else {
        sentence.append(character)
      }
    }
    if !sentence.isEmpty { line(sentence) }
  }

  mutating func paragraphs(_ text: String) {
    for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if part.isEmpty { macro("Pp") } else { sentences(String(part)) }
    }
  }

  mutating func list(_ items: [(item: String, text: String)]) {
    macro("Bl", "-tag -width Ds")
    for (item, text) in items {
      macro("It", item)
      paragraphs(text)
    }
    macro("El")
  }

  /// A hyphen becomes a minus that can be copied, and what roff would read stands for itself.
  static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "`": result += "\\(ga"
      case "~": result += "\\(ti"
      case "…": result += "..."
      default: result.append(character)
      }
    }
  }
}
