import ReleaseModel
import TextLayout

/// Prints commands as a person types them: the words that the script would run, with `<placeholders>` where only the
/// run knows the value. A placeholder is always inside quotes, so that a hasty copy cannot redirect a file.
struct HandCommand: Sendable {
  /// Values that are known while the runbook is written, such as the weight of a step.
  var known: [RuntimeVariable: String] = [:]
  /// Names of their own for values that the same operation has more than one of.
  var names: [RuntimeVariable: String] = [:]

  private static let widthLimit = 100

  func text(_ command: Command) -> String {
    let words = command.words.map(word)
    let line = words.joined(separator: " ")
    if line.count <= Self.widthLimit { return line }
    // An option stays on one line with its values; options in front of the verb stay with the program.
    let verb = command.words.dropFirst().first.map(isOption) == true ? 2 : 1
    var lines: [[String]] = []
    for (index, text) in words.enumerated() {
      if index == 0 || index >= verb && isOption(command.words[index]) {
        lines.append([text])
      } else {
        lines[lines.count - 1].append(text)
      }
    }
    return lines.map { $0.joined(separator: joint($0)) }.joined(separator: " \\\n  ")
  }

  /// What stands between the words of a line; many long values get a line each.
  private func joint(_ words: [String]) -> String {
    let width = words.reduce(0) { $0 + $1.count + 1 }
    return width > Self.widthLimit && words.count > 2 ? " \\\n    " : " "
  }

  /// `command | jq -r 'filter'`, with the values that the filter names.
  func text(_ query: Query) -> String {
    var jq = "jq -r"
    for argument in query.arguments { jq += " --arg \(argument.filterName) " + word(Word(argument)) }
    let command = text(query.command)
    let line = "\(command) | \(jq) \(quoted(query.filter))"
    if !command.contains("\n"), line.count <= Self.widthLimit { return line }
    return "\(command) \\\n  | \(jq) \(quoted(broken(query.filter)))"
  }

  /// What a person reads in the place of a value.
  func name(_ variable: RuntimeVariable) -> String { names[variable] ?? variable.placeholder }

  /// A word as it is read in a sentence, without quotes.
  func plain(_ word: Word) -> String {
    word.parts.map { part in
      switch part {
      case .literal(let text): text
      case .variable(let variable): known[variable] ?? name(variable)
      }
    }.joined()
  }

  func word(_ word: Word) -> String {
    // JSON holds double quotes, so it goes through a variable of the shell instead of being typed in their place.
    if word == Word(.patch) { return "\"${PATCH}\"" }
    let hasPlaceholder = word.parts.contains { part in
      if case .variable(let variable) = part { return known[variable] == nil }
      return false
    }
    let text = plain(word)
    if !hasPlaceholder { return quoted(text) }
    // `!` asks an interactive shell for its history even inside double quotes.
    let isPlainInDoubleQuotes = !text.contains { "\\\"$`!".contains($0) || $0.isUnsafe }
    if isPlainInDoubleQuotes { return "\"\(text)\"" }
    return quoted(text)
  }

  /// Plain single quotes where they are enough: easier to read than the `$'…'` that scripts use for a jq `$name`.
  func quoted(_ text: String) -> String {
    let bare = bashQuoted(text)
    if bare == text || text.contains(where: { $0 == "'" || $0.isUnsafe && $0 != "\n" }) { return bare }
    return "'\(text)'"
  }

  private func isOption(_ word: Word) -> Bool {
    if case .literal(let text)? = word.parts.first { return text.hasPrefix("-") }
    return false
  }

  /// A long filter goes on in the next line at each `|`, except inside jq's strings and brackets.
  private func broken(_ filter: String) -> String {
    guard filter.count > Self.widthLimit - 20, !filter.contains("\\("), !filter.contains("\n") else { return filter }
    var result = ""
    var depth = 0
    var isString = false
    var isEscaped = false
    var previous: Character = " "
    for character in filter {
      if character == "\"", !isEscaped { isString.toggle() }
      isEscaped = character == "\\" && !isEscaped
      if !isString {
        if "([{".contains(character) { depth += 1 }
        if ")]}".contains(character) { depth -= 1 }
        if character == "|", previous == " ", depth == 0 {
          result.removeLast()
          result += "\n    "
        }
      }
      result.append(character)
      previous = character
    }
    return result
  }
}

extension Character {
  /// What a person cannot see and a shell obeys.
  fileprivate var isUnsafe: Bool {
    unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
  }
}
