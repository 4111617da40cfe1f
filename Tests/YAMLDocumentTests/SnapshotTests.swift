import Testing

@Suite struct SnapshotTests {
  @Test func duplicateKeyOnAnotherLine() {
    #expect(
      Reading("prod:\n  after: dev\n  on: x\n  needs: y\n  after: staging\n").text == """
        error[duplicate-key]: the key `after` is written twice in one mapping
         --> t.yaml:5:3
          |
        2 |   after: dev
          |   ----- first written here
        ...
        5 |   after: staging
          |   ^^^^^ written again
          |
          = help: keep one of the two, or rename one
          = docs: liftlock explain duplicate-key

        """)
  }

  @Test func tabInTheIndentation() {
    #expect(
      Reading("a:\n\tb: 1\n").text == """
        error[yaml-syntax]: this line is indented with a tab
         --> t.yaml:2:1
          |
        2 |     b: 1
          | ^^^^ tab
          |
          = help: indent with spaces: YAML does not take tabs there
          = docs: liftlock explain yaml-syntax

        """)
  }

  @Test func listThatIsNotClosed() {
    #expect(
      Reading("a: [1, 2\nb: 3\n").text == """
        error[yaml-syntax]: a `,` or the closing `]` of this list is missing
         --> t.yaml:2:2
          |
        1 | a: [1, 2
          |    - the list starts here
        2 | b: 3
          |  ^
          |
          = help: separate entries with `,` and close the list with `]`
          = docs: liftlock explain yaml-syntax

        """)
  }

  @Test func bidirectionalControlInWideText() {
    #expect(
      Reading("日本: \"x\u{202E}\"\n").text == """
        error[yaml-bidirectional]: the invisible character U+202E changes the order of text on screen
         --> t.yaml:1:7
          |
        1 | 日本: "x\\u{202E}"
          |         ^^^^^^^^ invisible in an editor
          |
          = note: what a reviewer reads on this line is not what is compiled
          = help: delete the character
          = docs: liftlock explain yaml-bidirectional

        """)
  }

  @Test func duplicateKeyOnTheSameLine() {
    #expect(
      Reading("a: {x: 1, x: 2}\n").text == """
        error[duplicate-key]: the key `x` is written twice in one mapping
         --> t.yaml:1:11
          |
        1 | a: {x: 1, x: 2}
          |     -     ^ written again
          |     |
          |     first written here
          |
          = help: keep one of the two, or rename one
          = docs: liftlock explain duplicate-key

        """)
  }

  @Test func wrongIndentation() {
    #expect(
      Reading("a:\n    b: 1\n  c: 2\n").text == """
        error[yaml-syntax]: this line does not fit into the mapping around it
         --> t.yaml:3:3
          |
        1 | a:
          | - the mapping starts here
        2 |     b: 1
        3 |   c: 2
          |   ^ expected a key
          |
          = help: indent it exactly like the other keys, with spaces
          = docs: liftlock explain yaml-syntax

        """)
  }

  @Test func severalDocuments() {
    #expect(
      Reading("a: 1\n---\nb: 2\n").text == """
        error[yaml-several-documents]: a second document starts here
         --> t.yaml:2:1
          |
        2 | ---
          | ^^^ not read from here on
          |
          = help: keep one document, move the others into files of their own
          = docs: liftlock explain yaml-several-documents

        """)
  }
}
