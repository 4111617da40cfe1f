import TextLayout

/// A script as a value: what it is for, what it knows, what it can do. For example `ops/shop/prod/rollback.sh`.
public struct ShellScript: Sendable {
  /// From the root of the repository.
  public let path: String
  /// What it does, line by line; it opens the file and `--help`.
  let purpose: [String]
  /// How it is called, one form a line.
  let usage: [String]
  let exitCodes: [(Int, String)]
  /// Names that never change while it runs.
  let constants: [ShellConstant]
  /// Names that the run fills in, and what they start with.
  let variables: [ShellVariable]
  /// Functions that this script has besides the library's; those that nothing needs are left out.
  let functions: [ShellFunction]
  /// What runs in the end.
  let main: Bash
  /// The functions that `main` calls.
  let mainNeeds: [String]
}

/// `readonly NAME=value`, or a list of values.
struct ShellConstant: Sendable {
  enum Value: Sendable {
    case text(String)
    case number(Int)
    case list([String])
    case numbers([Int])
  }

  let name: ShellName
  let value: Value

  init(_ name: ShellName, _ text: String) { self.init(name, .text(text)) }
  init(_ name: ShellName, _ number: Int) { self.init(name, .number(number)) }

  init(_ name: ShellName, _ value: Value) {
    self.name = name
    self.value = value
  }
}

/// `NAME=value`, to be set again by the run.
struct ShellVariable: Sendable, ExpressibleByStringLiteral {
  let name: ShellName
  let initial: Bash

  init(stringLiteral value: String) { self.init(ShellName(value), "''") }
  init(_ name: ShellName, _ initial: Bash) {
    self.name = name
    self.initial = initial
  }
}

/// A function of a script, with the names of the functions that it calls.
struct ShellFunction: Sendable {
  let name: ShellName
  /// What it does, what it takes and what it answers: the comment above it.
  let comment: [String]
  let needs: [String]
  let body: Bash

  init(_ name: ShellName, _ comment: String..., needs: [String] = [], body: Bash) {
    self.name = name
    self.comment = comment
    self.needs = needs
    self.body = body
  }
}

/// A name that bash takes for a variable or a function: letters, digits and underscores. Anything else in it is replaced, so
/// that a name from a spec cannot become code.
struct ShellName: Hashable, Sendable, ExpressibleByStringLiteral {
  let text: String

  init(stringLiteral value: String) { self.init(value) }
  init(_ name: String) {
    text = String(
      name.unicodeScalars.map { scalar in
        scalar.isASCII && (scalar.properties.isAlphabetic || (scalar.value >= 48 && scalar.value <= 57))
          ? Character(scalar) : "_"
      })
  }

  /// Such as `check_smoke` for the check `smoke`.
  init(_ prefix: String, of name: String) { self.init(prefix + "_" + name) }

  /// The name as source; `bashQuoted` leaves such names bare unless they are words of the language.
  var bash: Bash { Bash(ShellWord.literal(text)) }
}
