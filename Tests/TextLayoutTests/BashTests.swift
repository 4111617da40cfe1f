import Testing
import TextLayout

@Suite struct BashTests {
  @Test func interpolatedTextIsDataAndLiteralsAreSource() {
    let name = "a; rm -rf /"
    let script: Bash = "echo \(name) \(3) \(words: ["-n", "x y", "$z"])"
    #expect(script.source == "echo 'a; rm -rf /' 3 -n 'x y' $'$z'")
  }

  @Test func noWordsAreNothing() {
    let script: Bash = "run \(words: [String]())end"
    #expect(script.source == "run end")
  }

  @Test func nestedSourceKeepsTheIndentationOfItsLine() {
    let body: Bash = """
      echo one

      if true; then
        echo two
      fi
      """
    let script: Bash = """
      main() {
        \(body)
      }
      """
    #expect(
      script.source == """
        main() {
          echo one

          if true; then
            echo two
          fi
        }
        """)
  }

  @Test func indentingNeverChangesAQuotedText() throws {
    let text = "line one\n  line two\n"
    let inner: Bash = "printf '%s\\0' \(text)"
    let script: Bash = """
      {
        {
          \(inner)
          \(Bash.lines([inner, inner]))
        }
      }
      """
    #expect(try runBash(script.source).words == [text, text, text])
  }

  @Test func anEmptyPieceTakesItsLineAway() {
    let script: Bash = """
      {
        \(Bash.empty)
        echo
      }
      """
    #expect(script.source == "{\n  echo\n}")
    let inLine: Bash = "a \(Bash.empty) b"
    #expect(inLine.source == "a  b")
  }

  @Test func assignedWordsAreQuotedSoThatNoneLooksLikeACommand() {
    let script: Bash = "readonly mode=\(String("test")) weight=\(String("5")) x=\(ShellWord(.variable("Y")))"
    #expect(script.source == #"readonly mode='test' weight=5 x="${Y}""#)
    let option: Bash = "tool --mode=\(String("test"))"
    #expect(option.source == "tool --mode=test")
  }

  @Test func commentsStayInTheirLineAndGiveNoOrders() {
    let text = "first\nrm -rf /\r\u{2028}x "
    let script: Bash = "# \(comment: text)"
    #expect(script.source == "# first rm -rf /  x")
    let empty: Bash = "  # \(comment: "\n")"
    #expect(empty.source == "  #")
    let order: Bash = "# \(comment: " shellcheck disable=SC2086")"
    #expect(order.source == #"# "shellcheck disable=SC2086""#)
  }

  @Test func piecesAreJoined() {
    let pieces: [Bash] = ["a", "b \(String("c d"))"]
    #expect(Bash.join(pieces, separator: " && ").source == "a && b 'c d'")
    #expect(Bash.lines(pieces).source == "a\nb 'c d'")
    #expect(Bash.words([.literal("x y"), .variable("Z")]).source == #"'x y' "${Z}""#)
    #expect(Bash.empty.isEmpty && !pieces[0].isEmpty)
  }
}

@Suite struct LineWriterTests {
  @Test func blankLinesAreNeitherDoubledNorAtTheEdges() {
    var writer = LineWriter()
    writer.blank()
    writer.line("a")
    writer.blank()
    writer.blank()
    writer.indented { $0.line("b\n\n\nc") }
    writer.blank()
    #expect(writer.text == "a\n\n  b\n\n  c\n")
  }

  @Test func nothingWrittenIsAnEmptyText() {
    #expect(LineWriter().text == "")
  }

  @Test func indentationEndsWithTheBodyEvenWhenItThrows() {
    struct Stop: Error {}
    var writer = LineWriter(indentation: "\t")
    #expect(throws: Stop.self) {
      try writer.indented { (_: inout LineWriter) throws(Stop) in throw Stop() }
    }
    writer.line("x")
    #expect(writer.text == "x\n")
  }
}
