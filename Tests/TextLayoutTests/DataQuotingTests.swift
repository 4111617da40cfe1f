import Foundation
import Testing
import TextLayout

@Suite struct DataQuotingTests {
  @Test func jsonStringsAreReadBackAsTheyWere() throws {
    for text in hostileTexts {
      let data = Data("[\(jsonString(text))]".utf8)
      let read = try #require(try JSONSerialization.jsonObject(with: data) as? [String])
      #expect(read.map { Array($0.utf8) } == [Array(text.utf8)])
    }
  }

  @Test func jqCannotInterpolate() {
    #expect(jqString(#"a\(env.SECRET)"b"#) == #""a\\(env.SECRET)\"b""#)
  }

  @Test func promQLStringsEscapeQuotesBackslashesAndControls() {
    #expect(promQLString("a\"b\\c\nd\u{1B}") == #""a\"b\\c\nd\u001b""#)
  }

  @Test func urlComponentsAreReadBackAsTheyWere() {
    for text in hostileTexts {
      let encoded = urlComponent(text)
      #expect(decoded(encoded) == Array(text.utf8))
      #expect(encoded.utf8.allSatisfy { $0 < 0x7F && !" /?#&=+'\"<>".utf8.contains($0) })
    }
    #expect(urlComponent("a b/é~") == "a%20b%2F%C3%A9~")
  }

  /// Foundation's own decoding drops a byte order mark.
  private func decoded(_ text: String) -> [UInt8] {
    let parts = text.split(separator: "%", omittingEmptySubsequences: false)
    return Array((parts.first ?? "").utf8)
      + parts.dropFirst().flatMap { [UInt8($0.prefix(2), radix: 16) ?? 0] + Array($0.dropFirst(2).utf8) }
  }

  @Test func expressionStringsDoubleTheirQuotes() {
    #expect(githubExpressionString("it's ''x") == "'it''s ''''x'")
  }

  @Test func workflowCommandsStayOnOneLine() {
    #expect(workflowCommandData("50%\r\na:b,c") == "50%25%0D%0Aa:b,c")
    #expect(workflowCommandProperty("50%\na:b,c") == "50%25%0Aa%3Ab%2Cc")
  }

  @Test func htmlIsShownAsText() {
    #expect(htmlText("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;")
  }

  @Test func mermaidLabelsUseEntityCodes() {
    #expect(
      mermaidText("say \"hi\"; <b>\n%% `x` #1") == "\"say #quot;hi#quot;#59; #lt;b#gt;<br/>#37;#37; #96;x#96; #35;1\"")
  }
}
