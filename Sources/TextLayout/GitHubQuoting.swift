/// A string of a GitHub expression with its quotes: `it's` becomes `'it''s'`. There are no other escapes.
///
/// Source: docs.github.com, "Evaluate expressions in workflows and actions", Literals.
public func githubExpressionString(_ text: String) -> String {
  "'" + text.replacingScalars { $0 == "'" ? "''" : nil } + "'"
}

/// The message of a workflow command such as `::error::…`.
///
/// Source: actions/toolkit, packages/core/src/command.ts, `escapeData`.
public func workflowCommandData(_ text: String) -> String {
  text.replacingScalars { scalar in
    switch scalar {
    case "%": "%25"
    case "\r": "%0D"
    case "\n": "%0A"
    default: nil
    }
  }
}

/// The value of a property of a workflow command, such as `title` in `::error title=…::`.
///
/// Source: actions/toolkit, packages/core/src/command.ts, `escapeProperty`.
public func workflowCommandProperty(_ text: String) -> String {
  workflowCommandData(text).replacingScalars { scalar in
    switch scalar {
    case ":": "%3A"
    case ",": "%2C"
    default: nil
    }
  }
}
