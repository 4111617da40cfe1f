import Testing
import TextLayout

@Suite struct BashQuotingTests {
  @Test func everyTextComesBackFromBashAsItWas() throws {
    let script = hostileTexts.map { "printf '%s\\0' " + bashQuoted($0) }.joined(separator: "\n")
    let outcome = try runBash(script)
    #expect(outcome.status == 0)
    #expect(outcome.words.map { Array($0.utf8) } == hostileTexts.map { Array($0.utf8) })
  }

  @Test func everyTextIsOneWord() throws {
    let outcome = try runBash("printf '%s\\0' " + hostileTexts.map(bashQuoted).joined(separator: " "))
    #expect(outcome.words.count == hostileTexts.count)
  }

  @Test func aWordIsNeverTakenForACommandOfTheShell() throws {
    // In command position an assignment or a reserved word would act; a quoted one is just no program.
    for text in ["x=1", "if", "!", "{", "while", "function", "[["] {
      let outcome = try runBash("\(bashQuoted(text)) 2>/dev/null; printf '%s\\0' \"$?\" \"${x-unset}\"")
      #expect(outcome.words == ["127", "unset"], "\(text)")
    }
  }

  @Test func noWordSpansLines() {
    #expect(hostileTexts.map(bashQuoted).allSatisfy { !$0.unicodeScalars.contains("\n") })
  }

  @Test(arguments: [
    ("plain", "plain"), ("--namespace", "--namespace"), ("a/b:1.0", "a/b:1.0"), ("", "''"), ("a b", "'a b'"),
    ("it's", #"'it'\''s'"#), ("$HOME", "$'$HOME'"), ("a\nb", #"$'a\nb'"#), ("x=1", "'x=1'"), ("if", "'if'"),
    ("--x=1", "--x=1"), ("\u{202E}", #"$'\342\200\256'"#), ("1x=2", "1x=2"), ("~/x", "\\~/x"), ("~", "\\~"),
    ("~/a b", "\\~'/a b'"), (#"a\'b"#, #"$'a\\\'b'"#), (#"a\"#, #"$'a\\'"#), ("a!", "'a!'"),
  ])
  func wordsAreQuotedOnlyWhereNeeded(text: String, expected: String) {
    #expect(bashQuoted(text) == expected)
  }

  @Test func aForgottenNULIsVisible() {
    #expect(bashQuoted("a\0b") == "$'a\u{FFFD}b'")
  }
}

@Suite struct ShellWordTests {
  @Test func literalsAroundAVariableComeBackFromBashAsTheyWere() throws {
    let script = hostileTexts.map { text in
      "printf '%s\\0' " + ShellWord(.literal(text), .variable("NAME"), .literal(text)).rendered
    }
    let value = "a  b'\"$(id)*"
    let outcome = try runBash(script.joined(separator: "\n"), environment: ["NAME": value])
    #expect(outcome.words.map { Array($0.utf8) } == hostileTexts.map { Array(($0 + value + $0).utf8) })
  }

  @Test(arguments: [
    (ShellWord(.literal("app:"), .variable("TAG")), #""app:${TAG}""#),
    (ShellWord(.variable("1")), #""${1}""#),
    (ShellWord(.literal("a\"$`\\"), .variable("X")), #""a\"\$\`\\${X}""#),
    (ShellWord(.literal("hi!"), .variable("X")), #""hi"'!'"${X}""#),
    (ShellWord(.literal("a\n"), .variable("X")), #""a"$'\n'"${X}""#),
    (ShellWord(.literal("~/"), .variable("X")), #"\~"/${X}""#),
    (ShellWord(.literal("plain")), "plain"),
    (ShellWord(), "''"),
  ])
  func wordsWithVariablesAreInDoubleQuotes(word: ShellWord, expected: String) {
    #expect(word.rendered == expected)
  }

  @Test func aNameThatIsNoneExpandsNothing() throws {
    for name in ["x}; echo hacked; ${y", "", "1a", "a b", "x[$(id)]", "@"] {
      let word = ShellWord(.literal("a"), .variable(name), .variable("X"))
      let outcome = try runBash("printf '%s\\0' \(word.rendered)", environment: ["X": "1"])
      #expect(outcome.words == ["a${\(name)}1"])
      #expect(word.variables == ["X"])
    }
  }
}
