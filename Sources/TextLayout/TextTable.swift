/// A table for a terminal, from its header and its rows: columns two spaces apart, a rule below the header, a newline at
/// the end of each line.
///
///     criterion   dev → staging
///     ──────────  ──────────────
///     CI status   required green
public func textTable(_ rows: [[String]]) -> String {
  guard let header = rows.first else { return "" }
  let widths = header.indices.map { column in rows.map { displayWidth($0[column]) }.max() ?? 0 }
  func line(_ cells: [String]) -> String {
    var text = ""
    for (cell, width) in zip(cells, widths) {
      text += cell + String(repeating: " ", count: width - displayWidth(cell) + 2)
    }
    while text.last == " " { text.removeLast() }
    return text
  }
  let rule = widths.map { String(repeating: "─", count: $0) }
  return ([header, rule] + rows.dropFirst()).map { line($0) + "\n" }.joined()
}

/// One line of text that is safe for a terminal: control characters and line ends are spaces.
public func terminalText(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    // Joiners hold an emoji or a ligature together and hide nothing.
    case .format where scalar.value == 0x200C || scalar.value == 0x200D: result.unicodeScalars.append(scalar)
    case .control, .format, .lineSeparator, .paragraphSeparator: result += " "
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
