/// A JSON string with its quotes: `a"b` becomes `"a\"b"`. Control characters and line separators are escaped.
public func jsonString(_ text: String) -> String {
  let body = text.replacingScalars { scalar in
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case let other where other.isControl: "\\u" + other.hexadecimal(digits: 4)
    default: nil
    }
  }
  return "\"" + body + "\""
}

/// A string of a jq program with its quotes. jq's `\(…)` interpolation cannot arise, since every backslash is doubled.
public func jqString(_ text: String) -> String {
  jsonString(text)
}

/// A double-quoted string of a PromQL expression with its quotes; PromQL reads the escapes of Go.
public func promQLString(_ text: String) -> String {
  jsonString(text)
}

/// One component of a URL, percent-encoded as UTF-8 except for what RFC 3986 calls unreserved: `a b/c` is `a%20b%2Fc`.
public func urlComponent(_ text: String) -> String {
  percentEncoded(text) { $0.isASCIIAlphanumeric || "-._~".unicodeScalars.contains($0) }
}

/// The text with every byte of every other scalar percent-encoded.
func percentEncoded(_ text: String, keeping isKept: (Unicode.Scalar) -> Bool) -> String {
  text.replacingScalars { scalar in
    if isKept(scalar) { return nil }
    return String(scalar).utf8.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.utf8.count < 2 ? "0" : "") + digits
    }.joined()
  }
}

/// Text inside an HTML element or a quoted attribute.
public func htmlText(_ text: String) -> String {
  text.replacingScalars { scalar in
    switch scalar {
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    case "\"": "&quot;"
    case "'": "&#39;"
    default: nil
    }
  }
}

/// A quoted label of a Mermaid diagram, with entity codes for what Mermaid or the browser would read as markup:
/// `say "hi"` becomes `"say #quot;hi#quot;"`. Line breaks become `<br/>`.
public func mermaidText(_ text: String) -> String {
  let body = text.replacingScalars { scalar in
    switch scalar {
    case "\"": "#quot;"
    case "&": "#amp;"
    case "<": "#lt;"
    case ">": "#gt;"
    case "\n": "<br/>"
    // `#` and `;` frame an entity code, backticks make a markdown label, `%%` starts a comment.
    case "#", ";", "`", "%", "\\": "#\(scalar.value);"
    case let other where other.isControl: " "
    default: nil
    }
  }
  return "\"" + body + "\""
}
